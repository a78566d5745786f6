#!/bin/sh
# The main job in a short time, without credentials: try, plan, apply, plan again, somebody's change live, drift, repair; then a
# fleet of two more sandboxes.
# Works on a scratch copy of specs/ in a git repository of its own, against the embedded Flow Service; leaves nothing behind.
# Run it with `make demo`. It ends with 1, and says why, as soon as a command does not exit as it should.
set -eu

here=$(pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reconciler-demo.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '\n==> %s\n' "$*"; }

fail() {
    [ ! -f "$scratch/applied.txt" ] || cat "$scratch/applied.txt" >&2
    printf '\ndemo failed: %s\n' "$*" >&2
    exit 1
}

show() { printf '$ reconciler --target local %s\n\n' "$*"; }

# expect CODE ARGUMENT...: runs `reconciler` with these arguments, and fails unless it exits with CODE.
expect() {
    wanted=$1
    shift
    code=0
    reconciler --target local "$@" || code=$?
    [ "$code" -eq "$wanted" ] || fail "\`reconciler $*\` exited with $code, expected $wanted"
}

[ -f "$here/specs/reconciler.yaml" ] || fail "specs/reconciler.yaml not found: run this at the root of the checkout"
command -v reconciler >/dev/null || fail "\`reconciler\` is not on PATH: run \`make demo\`, which installs it"
command -v git >/dev/null || fail "\`git\` is not on PATH: the causes of changes are read from git"

cp -R "$here/specs" "$scratch/specs"
# A real service may take seconds until a new spec shows in its lists; the embedded one does not, so the demo does not wait for it.
printf '\nnetwork: {consistency_window: 0s, settle: 0s}\n' >>"$scratch/specs/reconciler.yaml"
cd "$scratch"
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE # as they are when a hook runs this
git init --quiet
git add specs
git -c user.name=Demo -c user.email=demo@acme.example -c commit.gpgsign=false -c core.hooksPath=/dev/null \
    commit --quiet --message "Add our sources"

printf 'A copy of specs/ in a new git repository, and an embedded Flow Service with only the specs that Adobe ships. The waits for\n'
printf 'a real service (consistency_window, settle) are 0 s in the copy, because the embedded service is consistent at once.\n'

say "1. Try: does a spec read every record of the third party? A provider file plays the API; nothing is sent."
show try acme-loyalty-members --stub
expect 0 try acme-loyalty-members --stub

say "2. Plan: what would apply do?"
show plan
expect 0 plan

say "3. Apply it. Creates are permanent, so apply asks for confirmation on a terminal; --yes confirms."
show apply --yes
expect 0 apply --yes >"$scratch/applied.txt"
printf '(apply shows the plan first; it is the one above. The result:)\n\n'
awk '/^target /{reports++} reports > 1' "$scratch/applied.txt"
rm "$scratch/applied.txt"

say "4. Plan again: nothing to do (otherwise --detailed-exitcode exits with 2)."
show plan --detailed-exitcode
expect 0 plan --detailed-exitcode

say "5. Someone changes one field in Flow Service."
python - <<'PYTHON'
from pathlib import Path

from reconciler.documents.json_text import decode
from reconciler.documents.merge import merge_patch
from reconciler.emulator import build
from reconciler.emulator.model import CONNECTION_SPECS, Author, Place

jane = Author("jane@acme.example", "exc_app")
change = {"sourceSpec": {"attributes": {"paginationParams": {"limitValue": "5000"}}}}
with build(Path(".reconciler/local.db")) as emulator:
    rows = emulator.store.rows(CONNECTION_SPECS, Place("0000000000@AdobeOrg", "dev"))
    spec_id = next(row.id for row in rows if decode(row.body)["name"] == "MailChimp Members source")
    emulator.service.edit(spec_id, lambda live: merge_patch(live, change), jane)
print('jane@acme.example sets paginationParams.limitValue of MailChimp Members to "5000", in Flow Service and not in the file.')
PYTHON

say "6. Drift: what was changed outside the repository, and by whom? (Exits with 2 if there is drift.)"
show drift
expect 2 drift

say "7. Apply again to repair it."
show apply --yes
expect 0 apply --yes

say "8. Drift again: none."
show drift
expect 0 drift

say "9. Several sandboxes: the targets of the fleet customers come after local, and get what local has."
show --group customers status
expect 0 --group customers status

say "10. Apply to all of them. What local has may go on, so nothing waits."
show --group customers apply --yes
expect 0 --group customers apply --yes >"$scratch/applied.txt" 2>"$scratch/progress.txt"
printf '(apply shows the plans of all targets first, each change once. The result:)\n\n'
tail -n 4 "$scratch/applied.txt"
rm "$scratch/applied.txt" "$scratch/progress.txt"

say "11. A change that local does not have yet waits there, and nothing else does."
sed -i.bak 's/^  description: .*/  description: Organizations of a Zendesk account, page by page/' \
    specs/sources/zendesk-organizations/connection-spec.yaml
rm specs/sources/zendesk-organizations/connection-spec.yaml.bak
git -c user.name=Demo -c user.email=demo@acme.example -c commit.gpgsign=false -c core.hooksPath=/dev/null \
    commit --quiet --all --message "Describe the organizations"
printf '$ reconciler --group customers gates\n\n'
reconciler --group customers gates || fail "\`reconciler --group customers gates\` failed"

say "Done. The same commands work with a real sandbox: add a target to specs/reconciler.yaml and set its credentials."
