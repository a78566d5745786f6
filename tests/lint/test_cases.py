"""Cases of rules beyond their examples: what is found, with the hint, and what is in order."""

from __future__ import annotations

import pytest

from reconciler.errors import Severity
from tests.lint.files import STREAMING, Files, part


def pages(params: str) -> str:
    return f"sourceSpec: {{attributes: {{paginationParams: {{{params}}}}}}}"


def request(params: str, rest: str = "") -> str:
    return f"type: generic-rest\nsourceSpec: {{attributes: {{urlParams: {{{params}}}{rest}}}}}"


def schedule(params: str) -> str:
    return f"sourceSpec: {{attributes: {{scheduleParams: {{{params}}}}}}}"


def auth(properties: str) -> str:
    return f"authSpec: [{{name: A, spec: {{properties: {{{properties}}}}}}}]"


FOUND = [
    # A misspelled placeholder is told with the one that was meant.
    (
        "undeclared-placeholder",
        "authSpec: []\nsourceSpec: {attributes: {urlParams: {path: '/${listID}', method: GET}}, spec: {properties: {listId: {}}}}",
        "did you mean '${listId}'?",
    ),
    ("pagination-type", pages("limitName: a"), "write type: NONE or OFFSET or PAGE or POINTER or CONTINUATION_TOKEN"),
    ("pagination-type", pages("type: CURSOR_TOKEN"), None),
    (
        "pagination-missing-field",
        pages("type: POINTER, limitName: a, limitValue: 1"),
        "write pointerPath: $.paging.next, or the value of your source",
    ),
    (
        "pagination-missing-field",
        pages("type: PAGE, limitName: a, limitValue: 1"),
        "write pageParamName: page, or the value of your source",
    ),
    ("pagination-foreign-field", pages("type: NONE, offsetName: a"), "remove it"),
    (
        "offset-spelling",
        pages("type: OFFSET, limitName: a, limitValue: 1, offSetName: b, offsetName: b"),
        "remove it: the block already has offSetName",
    ),
    ("pagination-number", pages("type: OFFSET, limitName: a, limitValue: 0, offSetName: b"), None),
    ("pagination-number", pages("type: OFFSET, limitName: a, limitValue: true, offSetName: b"), None),
    (
        "parameter-type",
        pages("type: CONTINUATION_TOKEN, continuationTokenPath: $.a, parameterType: BODY, parameterName: b"),
        "use one of: HEADERPARAM, QUERYPARAM",
    ),
    ("end-condition", pages("type: OFFSET, limitName: a, limitValue: 1, offSetName: b, endConditionValue: x"), None),
    (
        "schedule-foreign-field",
        schedule("scheduleStartParamName: a, scheduleEndParamName: b, sheduleStartParamFormat: c"),
        "did you mean 'scheduleStartParamFormat'?",
    ),
    ("request-method", request("path: /a, method: DELETE"), "use GET or POST"),
    ("host-https", request("host: acme.example, path: /a, method: GET"), "write https://acme.example"),
    ("path-slash", request('host: "https://acme.example/", path: /a, method: GET'), "remove the slash from the host"),
    (
        "category",
        "type: generic-rest\nsourceSpec: {attributes: {uiAttributes: {category: {key: marketting}}}}",
        "did you mean 'marketingAutomation'?",
    ),
    (
        "jsonpath-syntax",
        "sourceSpec: {attributes: {contentPath: {path: $.user-list}}}",
        "write $['user-list']",
    ),
    ("jsonpath-syntax", "sourceSpec: {attributes: {explodeEntityPath: {path: '$.a['}}}", "write $.a[*]"),
    ("jsonpath-syntax", "sourceSpec: {attributes: {contentPath: {path: 'data[0'}}}", "write $.data[0]"),
    ("pointer-path", pages("type: POINTER, limitName: a, limitValue: 1, pointerPath: '$.next['"), "write $.next[*]"),
    ("jsonpath-syntax", "sourceSpec: {attributes: {contentPath: members}}", "write $.members"),
    ("content-path", "sourceSpec: {attributes: {contentPath: [$.a]}}", "write {path: $.items}"),
    ("content-path", "sourceSpec: {attributes: {contentPath: ''}}", None),
    ("literal-secret", auth("token: {type: string, format: password, default: abcdefgh12345}"), None),
    ("literal-secret", "description: 'AKIAABCDEFGHIJKLMNOP'", None),
    (
        "literal-secret",
        request("path: /a, method: GET, queryParams: {api_key: 0123456789}").replace("0123456789", "'0123456789'"),
        None,
    ),
    ("credential-format", auth("apiKey: {type: string}"), None),
    (
        "auth-type",
        "type: generic-rest\nauthSpec: [{name: A, type: Bearer}]",
        "write OAuth2RefreshCode, BasicAuthentication or KeyBased",
    ),
    ("json-schema", "authSpec: [{name: A, spec: {required: a}}]", "write it as a list, with a - before each name"),
    ("json-schema", "authSpec: [{name: A, spec: {type: strng}}]", "did you mean 'string'?"),
    (
        "json-schema",
        "authSpec: [{name: A, spec: {type: map}}]",
        "write one of array, boolean, integer, null, number, object, string",
    ),
    (
        "json-schema",
        "exploreSpec: {responseSpec: {file: {csv: {$schema: 'http://json-schema.org/draft-07/schema#', type: file}}}}",
        None,
    ),
    ("json-schema", "kind: FlowSpec\ntransformationSpecs: [{name: Mapping, spec: {type: map}}]", None),
    ("schema-reference", "sourceSpec: {spec: {$ref: '#/definitions/a~2'}}", "write the schema where it is used"),
    (
        "schema-reference",
        "sourceSpec: {spec: {$ref: '#/definitions/members', definitions: {member: {}}}}",
        "did you mean '#/definitions/member'?",
    ),
    ("required-undeclared", "authSpec: [{name: A, spec: {type: object, required: [token]}}]", None),
    ("required-undeclared", "sourceSpec: {spec: {properties: {listId: {}}, required: [listID]}}", "did you mean 'listId'?"),
    ("provider-of-type", STREAMING.replace("521eee4d", "521eee4e"), None),
    ("flow-spec-of-type", f"flowSpecs: [CRMToAEP]\n{STREAMING}", "write GenericStreamingAEP, or remove flowSpecs"),
    ("flow-spec-of-type", "flowSpecs: [e77fde5a-22a8-11ed-861d-0242ac120002]\ntype: generic-rest", None),
    (
        "mixed-fields",
        "type: generic-rest\nsourceSpec: {attributes: {authRequired: false}}",
        "remove authRequired, or change the type",
    ),
    ("mixed-fields", "type: generic-rest\nexploreSpec: {type: StreamingConnection}", "write the block of batch sources"),
    ("mixed-fields", "type: generic-rest\npermissionsInfo: {view: [{name: StreamingSource}]}", "write EnterpriseSource"),
    ("explore-spec", "type: generic-rest\nexploreSpec: {name: Resource}", None),
    ("look-alike", "name: 'Mail\u00a0Chimp'", "write Mail Chimp"),
    ("look-alike", "name: 'M\u0430ilChimp'", "retype the name"),
    (
        "bare-placeholder",
        request("host: 'https://{domain}.acme.example', path: /a, method: GET"),
        "write ${domain}, and declare domain in authSpec or sourceSpec.spec",
    ),
    ("left-over-placeholder", request("path: /a, method: '{GET_or_POST}'"), None),
    (
        "left-over-placeholder",
        pages("type: OFFSET, limitName: a, limitValue: 1, offSetName: '{REQUIRED_IN_CASE_OF_OFFSET BASED_PAGINATION}'"),
        None,
    ),
    ("misspelled-key", "sourceSpec: {attributes: {paginationParam: {type: NONE}}}", "did you mean 'paginationParams'?"),
    ("misspelled-key", "sourceSpec: {attributes: {contentpath: {path: $.a}}}", "write contentPath"),
    ("unknown-section", "authSpecs: []", "did you mean 'authSpec'?"),
    ("misspelled-key", "sourceSpec: {attributes: {uiAttributes: {issource: true}}}", "write isSource"),
    (
        "misspelled-key",
        "sourceSpec: {attributes: {contentPath: {path: $.a, skipAttribute: [a]}}}",
        "did you mean 'skipAttributes'?",
    ),
    ("misspelled-key", auth("token: {type: string, fromat: password}"), "did you mean 'format'?"),
    ("misspelled-key", "sourceSpec: {spec: {requred: [a], properties: {a: {}}}}", "did you mean 'required'?"),
    ("unknown-section", "kind: FlowSpec\nscheduleSpecs: {}", "did you mean 'scheduleSpec'?"),
    ("block-mapping", "sourceSpec: {attributes: {scheduleParams: daily}}", None),
    (
        "undeclared-placeholder",
        "authSpec: []\n" + schedule("type: ADVANCE, paramFormat: x, incremental: 'a>${START_TIME}', backfill: a"),
        "write {START_TIME} without the $: the schedule replaces it",
    ),
    (
        "pagination-number",
        pages("type: PAGE, limitName: a, limitValue: 1, pageParamName: b, initialPageIndex: one"),
        "write a number, such as initialPageIndex: 1",
    ),
    ("credential-format", auth("apiSecret: {description: x}"), None),
    ("credential-format", auth("password: {type: string, format: uri}"), None),
    ("literal-secret", request("path: /a, method: GET", ", headerParams: {Proxy-Authorization: Bearer q9X7q9X7q9X7}"), None),
    ("space-in-name", "name: 'Bad  Bätch '", "write Bad Bätch"),
    ("section-of-kind", "kind: FlowSpec\nauthSpec: []", "write kind: ConnectionSpec, or remove authSpec"),
    ("no-request", "type: generic-rest\nsourceSpec: {attributes: {urlParams: {}}}", None),
    ("look-alike", "name: 'Mail\u3000Chimp'", None),
    ("space-in-name", "sourceSpec: {spec: {properties: {'listId ': {}}}}", "write listId"),
    ("space-in-name", "name: MailChimp  Members", "write MailChimp Members"),
    ("control-character", "name: |\n  MailChimp Members", None),
    ("control-character", 'name: "MailChimp\\u2028Members"', None),
    ("control-character", 'name: "MailChimp\\x07Members"', None),
    ("control-character", "name: 'Mail\u200bChimp'", "write MailChimp"),
    ("control-character", 'name: "Mail\\tChimp \\x7f"', "write Mail Chimp"),
    ("control-character", 'name: "Mail\\u202eChimp"', "write MailChimp"),
    ("control-character", 'name: "\\u200b"', "write a visible name"),
    ("control-character", 'kind: FlowSpec\nname: "Mail\\x85Chimp"', "write Mail Chimp"),
    ("control-character", 'sourceSpec: {spec: {properties: {"list\\u200bId": {}}}}', "write listId"),
    ("control-character", 'authSpec: [{name: "A\\tB"}]', None),
    ("control-character", 'sourceSpec: {attributes: {urlParams: {path: "/a\\n", method: GET}}}', None),
]

TIMES = "scheduleStartParamName: since, scheduleEndParamName: until"
ADVANCE = "type: ADVANCE, paramFormat: s, backfill: 'u<{END_TIME}'"
FOUND += [
    ("expression", request("path: \"/@{concat('a',)}\", method: GET"), None),
    ("expression", request("path: /a, method: GET", ", headerParams: {X-A: '@{}'}"), None),
    (
        "expression",
        request("path: '/@{utcnow()}', method: GET"),
        "write the value without it, or try the spec in a sandbox",
    ),
    ("header-name", request("path: /a, method: GET", ", headerParams: {'X A': b}"), None),
    (
        "header-name",
        request("path: /a, method: GET", ", headerParams: {X-A: bücher}"),
        "write a value of ASCII characters on one line",
    ),
    (
        "header-name",
        pages("type: CONTINUATION_TOKEN, continuationTokenPath: $.a, parameterType: HEADERPARAM, parameterName: 'a b'"),
        "write parameterType: QUERYPARAM if it is a query parameter",
    ),
    (
        "query-twice",
        f"sourceSpec: {{attributes: {{urlParams: {{path: '/a?until=1', method: GET}}, scheduleParams: {{{TIMES}}}}}}}",
        None,
    ),
    ("query-twice", schedule("scheduleStartParamName: a, scheduleEndParamName: a"), None),
    ("window-format", schedule(f"{TIMES}, scheduleStartParamFormat: 'yyyy-mm-dd'"), None),
    ("window-format", schedule(f"{TIMES}, scheduleEndParamFormat: 'yyyy-MM-dd\"'"), None),
    ("window-format", schedule(f"{ADVANCE.replace('paramFormat: s', 'paramFormat: epoch')}, incremental: a"), None),
    ("schedule-swapped", schedule(f"{ADVANCE}, incremental: 'u<{{START_TIME}} u>{{END_TIME}}'"), None),
]

IN_ORDER = [
    # A query that an expression gives is sent in some runs only; an array in the path of a query is one.
    request("path: \"/a@{if(empty(''),'?b=c','')}\", method: GET, queryParams: {b: c}").partition("\n")[2],
    request("path: '/a?b=1&b=2', method: GET").partition("\n")[2],
    request("path: /a, method: GET", ", headerParams: {X-A: 'Token ${token}', 'X_b.c': 5, \"${name}\": a}").partition("\n")[2],
    pages("type: CONTINUATION_TOKEN, continuationTokenPath: $.a, parameterType: HEADERPARAM, parameterName: x-cursor"),
    schedule(f"{TIMES}, scheduleStartParamFormat: MM/dd/yyyy, scheduleEndParamFormat: '${{format}}'"),
    # Keys of one's own are no misspellings.
    "sourceSpec: {attributes: {accountParams: {}, urlPath: x, uiAttributes: {color: red}}, spec: {properties: {requried: {}, tpye: {}}}}",
    auth("passwordHint: {type: string}, token: {type: string, format: password, examples: ['********']}"),
    # A section that is not in the file stays as it is live, so what it declares is not known.
    "sourceSpec: {attributes: {urlParams: {path: '/${listId}', method: GET}}}",
    # Expressions of the pipeline have braces and dollars of their own.
    "authSpec: []\nsourceSpec: {attributes: {urlParams: {path: \"/a@{if(empty(''),'?b=c','')}\", method: GET}}}",
    pages("type: POINTER, limitName: a, limitValue: 1, pointerPath: $.paging.next"),
    pages(
        "type: PAGE, limitName: a, limitValue: '100', pageParamName: b, endPageIndex: headers.x-pagecount, initialPageIndex: 0"
    ),
    pages("type: OFFSET, limitName: a, limitValue: '${size}', offSetName: b"),
    "sourceSpec: {attributes: {contentPath: {path: \"$['user-list'][*].items[0,1]..name\"}}}",
    "sourceSpec: {attributes: {contentPath: {path: '$.a[?(@.b == 1)].c'}}}",
    "sourceSpec: {attributes: {contentPath: $.members}}",
    request('host: "${host}", path: "${path}", method: POST', ", bodyParams: {a: 1}"),
    "type: generic-rest\nauthSpec: [{name: A, spec: {properties: {host: {}}}}]\n"
    + request("path: /a, method: GET").partition("\n")[2],
    auth("accessTokenUrl: {type: string}, clientId: {type: string}, s3AccessKey: {type: string}"),
    auth("token: {type: string, format: password, description: 'What was sent to you, in letters'}"),
    "sourceSpec: {attributes: {headerParams: {Authorization: 'Bearer ${accessToken}'}}}",
    # In data every text is what it is.
    "sourceSpec: {spec: {properties: {a: {enum: [{'b ': ' c'}]}}}}",
    "name: Пользователи",
    "name: نمی\u200cخوریم",
    "name: \U0001f469\u200d\U0001f4bb Members",
    "type: another\nexploreSpec: {type: Other}",
    f"flowSpecs: [our-own]\n{STREAMING}",
    "kind: FlowSpec\nsourceConnectionSpecIds: [2D46966E-4fcc-4015-9f9e-a67594e395a3]",
    "sourceSpec: {spec: {$ref: '#'}}",
]


@pytest.mark.parametrize(("code", "text", "hint"), FOUND)
def test_a_mistake_is_found(code: str, text: str, hint: str | None) -> None:
    found = [problem for problem in Files(part(text)).problems() if problem.code == code]
    assert found != []
    assert hint is None or found[0].hint == hint


@pytest.mark.parametrize("text", IN_ORDER)
def test_what_is_in_order_is_left_alone(text: str) -> None:
    assert Files(part(text)).codes() == []


def test_with_thousands_of_names_no_nearest_one_is_looked_for() -> None:
    names = ", ".join(f"n{index}: {{}}" for index in range(400))
    (problem,) = Files(part(f"sourceSpec: {{spec: {{properties: {{{names}}}, required: [n]}}}}")).problems()
    assert problem.hint == "declare the property, or remove the name from required"


def test_fifty_findings_of_one_rule_are_enough() -> None:
    names = ", ".join(f"'n{index} '" for index in range(80))
    assert (
        len(Files(part(f"sourceSpec: {{attributes: {{contentPath: {{path: $.a, skipAttributes: [{names}]}}}}}}")).codes()) == 50
    )


def test_a_name_that_cannot_be_seen_is_told_once_and_as_an_error() -> None:
    (problem,) = Files(part('name: "\\u200b\\tMail\\xa0Chimp \\x1b\\n"'), levels={"look-alike": "off"}).problems()
    assert (problem.severity, problem.line, problem.column) == (Severity.ERROR, 5, 9)
    assert "U+200B (zero width space) at character 1, U+0009 (tab) at character 2" in problem.message
    assert "and 1 more" in problem.message
    assert problem.hint == "write Mail Chimp"


def test_of_a_path_it_is_told_what_is_wrong_and_where() -> None:
    (problem,) = Files(part("sourceSpec: {attributes: {contentPath: {path: '$.data[?(@.x==1]'}}}")).problems()
    assert problem.message == (
        "'$.data[?(@.x==1]' is not a valid JSONPath: the ( at character 9 is not closed before the ] at character 16"
    )
    assert problem.hint == "write $.data[?(@.x==1)]"


def test_an_empty_path_to_content_is_told_once() -> None:
    assert Files(part("sourceSpec: {attributes: {contentPath: {path: ''}}}")).codes() == ["content-path"]


@pytest.mark.parametrize(
    "text",
    [
        request("path: /a, method: '{GET_or_POST}', queryParams: '{QUERY_PARAMS}'"),
        pages("type: '{OFFSET_OR_POINTER}', limitName: a, limitValue: '{NUMBER}', offSetName: b"),
        "type: generic-rest\nsourceSpec: {attributes: {uiAttributes: {category: {key: '{CATEGORY}'}}, urlParams: {path: /, method: GET}}}",
        "sourceSpec: {spec: {properties: '{USER_INPUT}'}}",
    ],
)
def test_of_what_is_left_over_from_a_template_nothing_else_is_told(text: str) -> None:
    assert set(Files(part(text)).codes()) == {"left-over-placeholder"}


def test_where_left_over_placeholders_are_in_order_other_rules_speak() -> None:
    files = Files(part(request("path: /a, method: '{GET_or_POST}'")), levels={"left-over-placeholder": "off"})
    assert files.codes() == ["request-method"]


def test_beside_a_secret_no_other_rule_quotes_it() -> None:
    problems = Files(part(request('host: "http://u:hunter2@acme.example", path: /a, method: GET'))).problems()
    assert [problem.code for problem in problems if "hunter2" in f"{problem.message} {problem.hint}"] == []
    assert [problem.code for problem in problems] == ["literal-secret"]


def test_a_format_that_adobe_publishes_is_an_info_and_one_that_cannot_work_a_warning() -> None:
    published, wrong = (
        "scheduleEndParamFormat: 'yyyy-MM-ddTHH:mm:ss:fffffffK'",
        "scheduleEndParamFormat: 'yyyy-MM-ddThh:mm:ssZ'",
    )
    severities = [Files(part(schedule(f"{TIMES}, {written}"))).problems()[0].severity for written in (published, wrong)]
    assert severities == [Severity.INFO, Severity.WARNING]


def test_an_expression_that_may_work_at_the_service_is_an_info() -> None:
    found = [
        problem
        for problem in Files(part(request("path: '/@{utcnow()}', method: GET"))).problems()
        if problem.code == "expression"
    ]
    assert [(problem.severity, problem.message) for problem in found] == [
        (
            Severity.INFO,
            "the expression cannot be tried: 'utcnow' is not one of the functions if, empty, coalesce, equals, concat, not",
        )
    ]


def test_a_format_with_the_letters_of_another_rule_is_told_once() -> None:
    assert Files(part(schedule(f"{TIMES}, scheduleEndParamFormat: YYYY-MM-DD"))).codes() == ["schedule-format"]
