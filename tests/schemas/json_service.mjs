// What the JSON support of VS Code underlines in a file, with these settings: node json_service.mjs WORKSPACE SETTINGS FILE.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import service from 'vscode-json-languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';

const [workspace, settings, file] = process.argv.slice(2);
const read = async (uri) => readFileSync(new URL(uri), 'utf8');
const schemas = JSON.parse(readFileSync(settings, 'utf8'))['json.schemas'].map(({ fileMatch, url }) => ({
  fileMatch: fileMatch.map((pattern) => pathToFileURL(workspace).href + pattern),
  uri: pathToFileURL(resolve(workspace, url)).href,
}));
const json = service.getLanguageService({
  schemaRequestService: read,
  workspaceContext: { resolveRelativePath: (path, from) => new URL(path, from).href },
});
json.configure({ validate: true, allowComments: false, schemas });
const document = TextDocument.create(pathToFileURL(resolve(file)).href, 'json', 1, readFileSync(0, 'utf8'));
const found = await json.doValidation(document, json.parseJSONDocument(document));
process.stdout.write(JSON.stringify(found.map(({ range, message }) => [range.start.line, message])));
