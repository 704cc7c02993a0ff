// Where this copy of the package is.
import { existsSync, readFileSync } from 'node:fs'

/** The folder of goblet's own package.json, as a URL that ends with a slash. */
export function packageRoot(): URL {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const manifest = new URL('package.json', folder)
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'goblet')
      return folder
    if (folder.pathname === '/') throw new Error("goblet's own package.json is missing.")
  }
}
