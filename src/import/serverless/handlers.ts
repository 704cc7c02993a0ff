// Finds the file and the export behind `src/users.create`.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Found =
  | { readonly kind: 'found'; readonly file: string; readonly name: string }
  | { readonly kind: 'missing'; readonly why: string }

const ENDINGS = ['ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs', 'jsx']

// Where builds put what they make: the source is what Goblet bundles.
const BUILT = /^(?:\.\/)?(?:dist|build|lib|out|\.build|\.webpack\/service|_optimize\/[^/]+)\//

/** `handler` as Lambda reads it: up to the first dot behind the last slash is the file, the rest what it exports. */
export function findHandler(folder: string, handler: string): Found {
  const slash = handler.lastIndexOf('/') + 1
  const dot = handler.indexOf('.', slash)
  if (dot < 0) return { kind: 'missing', why: `\`${handler}\` names no export` }
  const [path, name] = [handler.slice(0, dot).replace(/^\.\//, ''), handler.slice(dot + 1)]
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return { kind: 'missing', why: `\`${name}\` is no name that can be imported` }
  const file = fileOf(folder, path)
  if (file === undefined)
    return { kind: 'missing', why: `there is no ${path}.{${ENDINGS.slice(0, 2).join(',')},js,mjs,cjs}` }
  return exportsIt(readFileSync(join(folder, file), 'utf8'), name)
    ? { kind: 'found', file: `./${file}`, name }
    : { kind: 'missing', why: `${file} does not export \`${name}\`` }
}

function fileOf(folder: string, path: string): string | undefined {
  const bare = path.replace(BUILT, '')
  const paths = path === bare ? [path] : [join('src', bare), bare, path]
  const files = paths
    .flatMap((one) => [one, `${one}/index`])
    .flatMap((one) => ENDINGS.map((ending) => `${one}.${ending}`))
  return files.find((file) => existsSync(join(folder, file)))?.replaceAll('\\', '/')
}

// Not a parser: only what can be seen not to be there is told.
function exportsIt(text: string, name: string): boolean {
  if (
    /\bexport\s*\*|\bmodule\.exports\s*=\s*(?!\{)|__exportStar|Object\.assign\((?:module\.)?exports|\.\.\.require\(/.test(
      text,
    )
  )
    return true
  return new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text) && /\bexports?\b/.test(text)
}
