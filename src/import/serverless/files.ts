// The files that variables name: YAML and JSON as data, JavaScript only where it is nothing but data.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, relative, resolve } from 'node:path'
import { GobletError, type Where } from '../../errors.ts'
import { type Node, scalar } from '../node.ts'
import { readYaml } from '../yaml.ts'

export type Found =
  | { readonly kind: 'found'; readonly node: Node }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string }

const STAGES =
  /^(?:dev|develop|development|test|testing|qa|uat|int|stage|staging|pre|preprod|beta|prod|production|live)$/

const LARGEST = 2_000_000

export class Files {
  readonly #folder: string
  readonly #read = new Map<string, Found>()

  constructor(folder: string) {
    this.#folder = folder
  }

  read(path: string, where: Where): Found {
    const full = resolve(this.#folder, path)
    const known = this.#read.get(full)
    if (known !== undefined) return known
    const found = this.#open(full, where)
    this.#read.set(full, found)
    return found
  }

  /** What stands in the place of the stage in the names of files beside this one: `config.prod.yml` for `config.dev.yml`. */
  likewise(path: string, stage: string): string[] {
    const full = resolve(this.#folder, path)
    const name = basename(full)
    const [before, after] = [name.slice(0, name.indexOf(stage)), name.slice(name.indexOf(stage) + stage.length)]
    if (!name.includes(stage) || !existsSync(dirname(full))) return []
    // `dev.json` beside `more.json`: only a name that people give to stages is one.
    const isBare = before === '' && /^\.\w+$/.test(after)
    const found = readdirSync(dirname(full)).flatMap((one) =>
      one.length > before.length + after.length && one.startsWith(before) && one.endsWith(after)
        ? [one.slice(before.length, one.length - after.length)]
        : [],
    )
    return isBare ? found.filter((one) => STAGES.test(one)) : found
  }

  #open(full: string, where: Where): Found {
    const stat = statSync(full, { throwIfNoEntry: false })
    if (stat === undefined) return { kind: 'missing' }
    if (!stat.isFile() || stat.size > LARGEST) return { kind: 'unreadable', why: 'is no file that can be read here' }
    const text = readFileSync(full, 'utf8')
    const name = relative(this.#folder, full).replaceAll('\\', '/')
    const kind = extname(full)
    try {
      if (['.yml', '.yaml', '.json'].includes(kind)) return { kind: 'found', node: readYaml(text, name) }
      if (/^\.[cm]?[jt]s$/.test(kind)) return toData(text, name)
    } catch (error) {
      if (!(error instanceof GobletError)) throw error
      return { kind: 'unreadable', why: `cannot be read: ${error.complaints[0]?.message ?? ''}` }
    }
    return { kind: 'found', node: scalar(text.trimEnd(), where) }
  }
}

const CODE: Found = { kind: 'unreadable', why: 'is code, which an import does not run' }

// An object literal without anything that has to be run is YAML in its flow form, but for its comments.
function toData(text: string, name: string): Found {
  const plain = text
    .replace(/^\s*(['"])use strict\1;?/, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
  const literal = /^\s*(?:module\.exports\s*=|export\s+default)\s*(\{[\s\S]*\})\s*(?:as const\s*)?;?\s*$/.exec(
    plain,
  )?.[1]
  if (literal === undefined || /=>|\bfunction\b|\bprocess\b|\brequire\b|`|\.\.\.|\w\(/.test(literal)) return CODE
  // A bare word is a variable in JavaScript, and text in YAML.
  if (/[:[,]\s*(?!(?:true|false|null)\b)[A-Za-z_$][\w$.]*\s*[,}\]]/.test(literal)) return CODE
  return { kind: 'found', node: readYaml(literal, name) }
}
