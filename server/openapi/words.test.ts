import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { LIMITS } from '@co-talk/sdk/protocol';

// words.ts is made of the comments of the protocol: `npx vitest run -u server/openapi/words.test.ts` makes it anew.

const PROTOCOL = join(import.meta.dirname, '../../sdk/protocol');
const HEAD = `/** What the comments of sdk/protocol say about its types and their fields; made by words.test.ts, which also keeps it current. */`;

type Words = Record<string, Record<string, string>>;

function textOf(node: ts.Node): string | undefined {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment);
  return text
    ?.replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/`(?:LIMITS\.)?(\w+)`/g, (whole, name: string) =>
      name in LIMITS ? String(LIMITS[name as keyof typeof LIMITS]) : whole,
    )
    .replaceAll(/\s+/g, ' ');
}

function wordsOf(members: Iterable<ts.Node>): Record<string, string> {
  const words: Record<string, string> = {};
  for (const member of members) {
    const text = textOf(member);
    const named = ts.isPropertySignature(member) || ts.isPropertyAssignment(member);
    if (named && text !== undefined) words[member.name.getText()] = text;
  }
  return words;
}

/** The object in `{ … } as const satisfies …`. */
function objectIn(node: ts.Expression | undefined): ts.ObjectLiteralExpression | undefined {
  if (node === undefined || ts.isObjectLiteralExpression(node)) return node;
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? objectIn(node.expression) : undefined;
}

function readProtocol(): Words {
  const words: Words = {};
  const parents: [name: string, parent: string][] = [];
  for (const name of readdirSync(PROTOCOL)
    .filter((file) => file.endsWith('.ts'))
    .sort()) {
    const text = readFileSync(join(PROTOCOL, name), 'utf8');
    for (const node of ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true).statements) {
      const about = textOf(node);
      const own: Record<string, string> = about === undefined ? {} : { '': about };
      if (ts.isInterfaceDeclaration(node)) {
        words[node.name.text] = { ...own, ...wordsOf(node.members) };
        const parent = node.heritageClauses?.[0]?.types[0]?.expression.getText();
        if (parent !== undefined) parents.push([node.name.text, parent]);
      } else if (ts.isTypeAliasDeclaration(node)) {
        words[node.name.text] = own;
        const of = ts.isTypeReferenceNode(node.type) ? node.type.typeArguments?.[0] : undefined;
        // `Omit<Room, …>` and the like.
        if (of && ts.isTypeReferenceNode(of)) parents.push([node.name.text, of.typeName.getText()]);
      } else if (ts.isVariableStatement(node)) {
        const [declaration] = node.declarationList.declarations;
        if (declaration?.name.getText() === 'ERRORS')
          words['ERRORS'] = wordsOf(objectIn(declaration.initializer)?.properties ?? []);
      }
    }
  }
  for (const [name, parent] of parents) words[name] = { ...words[parent], ...words[name] };
  return Object.fromEntries(Object.entries(words).filter(([, fields]) => Object.keys(fields).length > 0));
}

test('the words of the description are those of the protocol', async () => {
  const lines = Object.entries(readProtocol()).map(([name, words]) => `  ${name}: ${JSON.stringify(words)},\n`);
  const code = `${HEAD}\nexport const WORDS: Partial<Record<string, Record<string, string>>> = {\n${lines.join('')}};\n`;
  await expect(code).toMatchFileSnapshot(join(import.meta.dirname, 'words.ts'));
});
