// Reads a page of the guide: its listings, and the commands with what they answer.
import { readFileSync } from 'node:fs'
import type { Asking } from '../../src/testing/index.ts'

export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'curl'; readonly command: string; readonly says: readonly string[] }
  | { readonly kind: 'goblet'; readonly command: string; readonly says: readonly string[] }

/** The listings and commands of a page, in order. */
export function readPage(url: URL): Step[] {
  const blocks = readFileSync(url, 'utf8').matchAll(/^```(ts|js|yaml|console)\n(.*?)^```$/gms)
  return [...blocks].flatMap(([, kind, text = '']) => (kind === 'console' ? toCommands(text) : [toFile(text)]))
}

function toFile(text: string): Step {
  const name = /^(?:\/\/|#) (\S+)\n/.exec(text)?.[1]
  if (name === undefined) throw new Error(`A listing without its file's name:\n${text}`)
  return { kind: 'file', name, text }
}

function toCommands(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((one) => {
      const [command = '', ...says] = one.trimEnd().split('\n')
      return { kind: command.startsWith('goblet ') ? 'goblet' : 'curl', command, says }
    })
}

export interface Curl {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly asking: Asking
  /** With `-i`: the head is shown. */
  readonly head: boolean
}

/** What a curl command asks. Throws for what this small reader does not know. */
export function readCurl(command: string): Curl {
  const [program, ...words] = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
  if (program !== 'curl') throw new Error(`${command} is no curl command.`)
  const headers: Record<string, string> = {}
  let method: string | undefined
  let body: string | undefined
  let url = ''
  let head = false
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-i') head = true
    else if (word === '-X') method = words.shift()
    else if (word === '-d') body = words.shift()
    else if (word === '-H') {
      const [name = '', value = ''] = (words.shift() ?? '').split(': ')
      headers[name.toLowerCase()] = value
    } else if (word.startsWith('http://127.0.0.1:8000/')) url = word.slice('http://127.0.0.1:8000'.length)
    else throw new Error(`${word} of ${command} is not known here.`)
  }
  // As curl does.
  if (body !== undefined) headers['content-type'] ??= 'application/x-www-form-urlencoded'
  const asking = { headers, ...(body === undefined ? {} : { body }) }
  return { method: method ?? (body === undefined ? 'GET' : 'POST'), path: url, asking, head }
}
