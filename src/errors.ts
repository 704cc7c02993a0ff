// Everything Goblet may say to a person when something is wrong: one code each, what happened, and how to mend it.
import { deploying } from './errors/deploy.ts'
import { packing } from './errors/packing.ts'
import { type Saying, saying } from './errors/saying.ts'

/** A place in the user's project. Lines and columns start at 1. */
export interface Where {
  readonly file: string
  readonly line: number
  readonly column?: number
}

/** One thing that is wrong, ready to be shown. */
export interface Complaint {
  readonly code: Code
  readonly message: string
  readonly mend: string
  readonly where?: Where
}

const did = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`

/** Every code with its words. `docs/errors.md` holds the same set; a test compares the two. */
export const catalogue = {
  GOBLET_NO_ENTRY: saying<{ entry: string }>(
    ({ entry }) => `There is no entry file ${entry}.`,
    () =>
      'Run the command in the folder that holds app.ts, name the file (`goblet dev server.ts`, --entry server.ts), or start a project with `goblet new`.',
  ),
  GOBLET_NO_APP: saying<{ entry: string }>(
    ({ entry }) =>
      `${entry} has no app: its default export is not an app(…), and it exports no web app by itself (as default, app, server, handler, listener or fetch).`,
    () =>
      "Add `export default app('my-app')` with `import { app } from 'goblet'`; or name the file that exports your Express, Fastify, Koa, Hono … app.",
  ),
  GOBLET_NOT_EXPORTED: saying<{ what: string; suggestion: string }>(
    ({ what }) => `${what} is declared but not exported, so it would never be deployed.`,
    ({ suggestion }) => suggestion,
  ),
  GOBLET_NO_HANDLER: saying<{ what: string }>(
    ({ what }) => `${what} has no handler.`,
    () => 'Its handler is a function, and the last argument: `(…) => { … }`.',
  ),
  GOBLET_NO_WEB_APP: saying<{ what: string; problem: string }>(
    ({ what, problem }) => `${what} ${problem}.`,
    () =>
      "Mount an app of Express, Connect, Koa, Fastify, Hapi or Nest, a listener (request, response) => …, a server of node:http, or what has `fetch`. A function without parameters gives the app, or the module that has it: () => import('./server.ts').",
  ),
  GOBLET_NEVER_DECLARED: saying<{ factory: string }>(
    ({ factory }) =>
      `${factory}(…) stands in a function that did not run while the app was read, so nothing is declared by it.`,
    () =>
      'Declarations belong to the top level of a module (loops and conditions there are fine): move the call there and export its result.',
  ),
  GOBLET_UNKNOWN_OPTION: saying<{ option: string; what: string; suggestion: string | undefined; known: string }>(
    ({ option, what, suggestion }) => `${what} has no option \`${option}\`.${did(suggestion)}`,
    ({ known }) => `Its options are: ${known}.`,
  ),
  GOBLET_BAD_OPTION: saying<{ option: string; what: string; problem: string; mend: string }>(
    ({ option, what, problem }) => `\`${option}\` of ${what} ${problem}.`,
    ({ mend }) => mend,
  ),
  GOBLET_DUPLICATE_ROUTE: saying<{ route: string; first: string }>(
    ({ route, first }) => `${route} is declared twice; the first one is at ${first}.`,
    () => 'Remove one of them, or give them different methods or paths.',
  ),
  GOBLET_DUPLICATE_NAME: saying<{ what: string; first: string }>(
    ({ what, first }) => `${what} is declared twice; the first one is at ${first}.`,
    () => 'Declare it once, export it, and import that handle wherever it is used.',
  ),
  GOBLET_BAD_PATTERN: saying<{ pattern: string; problem: string }>(
    ({ pattern, problem }) => `The route \`${pattern}\` ${problem}.`,
    () => "A route reads like 'GET /cities/{city}', 'GET|PUT /objects/{key}' or 'ANY /files/{path+}'.",
  ),
  GOBLET_BAD_PREFIX: saying<{ prefix: string; problem: string }>(
    ({ prefix, problem }) => `The prefix \`${prefix}\` of a group ${problem}.`,
    () => "A prefix reads like '/admin' or '/tenants/{tenant}': the beginning of a path, without a method.",
  ),
  GOBLET_BAD_SCHEDULE: saying<{ expression: string; problem: string }>(
    ({ expression, problem }) => `The schedule \`${expression}\` ${problem}.`,
    () =>
      "A schedule reads like 'rate(5 minutes)' or 'cron(0 3 * * ? *)' (minute hour day-of-month month day-of-week year, UTC).",
  ),
  GOBLET_BAD_FILTER: saying<{ what: string; pattern: string; problem: string }>(
    ({ what, pattern, problem }) => `The filter \`${pattern}\` of ${what} is none that AWS takes: ${problem}.`,
    () =>
      "A filter names fields and lists what they may be: { kind: ['order'], amount: [{ numeric: ['>', 100] }], note: [{ exists: false }] }.",
  ),
  GOBLET_BAD_EVENT: saying<{ event: string; what: string; suggestion: string | undefined; known: string }>(
    ({ event, what, suggestion }) => `S3 has no event \`${event}\`, which ${what} asks for.${did(suggestion)}`,
    ({ known }) => `The events are: ${known}.`,
  ),
  GOBLET_OVERLAP: saying<{ what: string; other: string; first: string; event: string }>(
    ({ what, other, first, event }) =>
      `${what} asks for ${event} of keys that ${other} asks for too, at ${first}; S3 refuses both together.`,
    () =>
      'Give them prefixes or suffixes of which none begins (ends) with the other, or let one function do the work of both.',
  ),
  GOBLET_BAD_NAME: saying<{ what: string; name: string; problem: string; allowed: string }>(
    ({ what, name, problem }) => `The name of ${what}, \`${name}\`, ${problem}.`,
    ({ allowed }) => allowed,
  ),
  GOBLET_NAME_TOO_LONG: saying<{ what: string; name: string; length: number; limit: number }>(
    ({ what, name, length, limit }) =>
      `${what} would be called \`${name}\` on AWS: ${length} characters, where AWS allows ${limit}.`,
    ({ length, limit }) =>
      `Shorten the app's, the stage's or its own name by ${length - limit} character${length - limit === 1 ? '' : 's'}, or set \`physicalName\` where the resource has that option.`,
  ),
  GOBLET_NO_RESOURCE: saying<{ what: string; name: string }>(
    ({ what, name }) => `${what} refers to \`${name}\`, which the app does not export.`,
    () => 'Export the handle from the entry file, so that it is created.',
  ),
  GOBLET_NO_AUTHORIZER: saying<{ what: string; name: string }>(
    ({ what, name }) =>
      `\`auth\` of ${what} is ${name === '' ? 'a function that the app does not export' : `\`${name}\`, which is no authorizer`}.`,
    () => 'Export an authorizer(…) from the entry file, and name that handle here.',
  ),
  GOBLET_BUILD_FAILED: saying<{ problem: string }>(
    ({ problem }) => `The code does not build: ${problem}`,
    () => 'Mend the line named above; `goblet dev` tries again at every save.',
  ),
  GOBLET_IMPORT_FAILED: saying<{ entry: string; problem: string }>(
    ({ entry, problem }) => `${entry} could not be imported: ${problem}`,
    () =>
      'The top level of the entry runs once to read the app: keep network calls and secrets out of it, or guard them.',
  ),
  GOBLET_IMPORT_HANGS: saying<{ entry: string; seconds: number }>(
    ({ entry, seconds }) => `${entry} did not finish loading within ${seconds} seconds.`,
    () => 'A top-level `await` or an endless loop holds it: move that work into a handler.',
  ),
  GOBLET_BAD_IMPORT: saying<{ problem: string }>(
    ({ problem }) => `This cannot be imported: ${problem}.`,
    () =>
      'Mend the line named above. A configuration that is code can be printed as YAML first (`serverless print`), and that imported.',
  ),
  GOBLET_NO_LOCK: saying<{ file: string }>(
    ({ file }) => `There is no ${file} to hold the permissions against.`,
    () => 'Write it with `goblet policy --write`, look at it, and commit it.',
  ),
  GOBLET_BAD_LOCK: saying<{ file: string; problem: string }>(
    ({ file, problem }) => `${file} ${problem}.`,
    () => 'Write it anew with `goblet policy --write`, and look at what version control shows as changed.',
  ),
  GOBLET_STATE_OWNED: saying<{ directory: string; pid: number; since: string; endpoint: string }>(
    ({ directory, pid, since, endpoint }) =>
      `The state in ${directory} belongs to a running goblet: process ${pid}, since ${since}, at ${endpoint}.`,
    ({ pid }) => `Use that one, stop it (kill ${pid}), or give this one its own --state directory.`,
  ),
  GOBLET_STATE_VERSION: saying<{ directory: string; found: string; known: string }>(
    ({ directory, found, known }) =>
      `The state in ${directory} was written in format ${found}; this version reads ${known}.`,
    () => 'Start with --fresh to throw it away, or run the version of goblet that wrote it.',
  ),
  GOBLET_STATE_UNUSABLE: saying<{ directory: string; problem: string }>(
    ({ directory, problem }) => `The state in ${directory} cannot be opened: ${problem}.`,
    () => 'Check that the folder is writable and the disk is not full, or choose another one with --state.',
  ),
  GOBLET_DISK: saying<{ problem: string; isFull: boolean }>(
    ({ problem }) => `The local cloud could not write to its disk: ${problem}. What it had acknowledged is safe.`,
    ({ isFull }) =>
      isFull
        ? 'Make room on the disk; it goes on by itself, and SDKs try again. `goblet dev --fresh` starts with nothing.'
        : 'Make the state folder writable again, or choose another one with --state.',
  ),
  GOBLET_PORT_TAKEN: saying<{ port: number; flag: string }>(
    ({ port }) => `Port ${port} is taken by another program.`,
    ({ flag }) => `Choose another with ${flag} (${flag} 0 picks a free one).`,
  ),
  GOBLET_NO_FUNCTION: saying<{ name: string; suggestion: string | undefined; known: string }>(
    ({ name, suggestion }) => `There is no function \`${name}\`.${did(suggestion)}`,
    ({ known }) => (known === '' ? 'The app has no functions yet.' : `The functions are: ${known}.`),
  ),
  GOBLET_DENIED: saying<{ name: string; action: string; resource: string; clues: readonly string[] }>(
    ({ name, action, resource, clues }) =>
      [`Nothing allows ${name} to do ${action} on ${resource}.`, ...clues].join(' '),
    ({ action, resource }) =>
      `Make the call and the name of what it works on visible in the function's code; or declare it: permissions: [{ actions: ['${action}'], resources: ['${resource}'], why: '…' }].`,
  ),
  GOBLET_NO_QUEUE: saying<{ name: string; suggestion: string | undefined; known: string }>(
    ({ name, suggestion }) => `There is no queue, topic, stream or bus \`${name}\`.${did(suggestion)}`,
    ({ known }) => (known === '' ? 'The app has none of them.' : `The app has these: ${known}.`),
  ),
  GOBLET_NOT_RUNNING: saying<{ what: string }>(
    ({ what }) => `${what} needs the local cloud, and none is running for this project.`,
    () => 'Start it with `goblet dev` in another terminal.',
  ),
  GOBLET_BAD_JSON: saying<{ what: string; problem: string }>(
    ({ what, problem }) => `${what} is not JSON: ${problem}`,
    () => 'Give JSON text, the path of a JSON file, or - to read it from standard input.',
  ),
  GOBLET_NO_CREDENTIALS: saying<{ profile: string }>(
    ({ profile }) => `There are no AWS credentials (profile ${profile}).`,
    () => 'Sign in with the aws command, or name a profile in AWS_PROFILE. Only deploying and --allow-remote need any.',
  ),
  GOBLET_WALL: saying<{ host: string }>(
    ({ host }) =>
      `A function run locally asked for ${host}, and nothing leaves the local cloud for a real AWS account.`,
    () =>
      'Ask a service that the local cloud has, or open it to the real account with `goblet dev --allow-remote <service>`.',
  ),
  GOBLET_USAGE: saying<{ problem: string; mend: string }>(
    ({ problem }) => problem,
    ({ mend }) => mend,
  ),
  GOBLET_FOLDER_TAKEN: saying<{ directory: string; file: string }>(
    ({ directory, file }) => `${directory} already holds ${file}; nothing was written.`,
    () => 'Choose an empty folder.',
  ),
  GOBLET_AWS_REFUSED: saying<{ operation: string; problem: string }>(
    ({ operation, problem }) => `${operation} failed: ${problem}`,
    () => 'See `goblet logs` for what the function did, and `goblet dev` for the state of the local cloud.',
  ),
  ...deploying,
  ...packing,
} satisfies Record<string, Saying<never>>

export type Code = keyof typeof catalogue
export type Details<C extends Code> = Parameters<(typeof catalogue)[C]['says']>[0]

/** Words one complaint. */
export function complaint<C extends Code>(code: C, details: Details<C>, where?: Where): Complaint {
  const entry = catalogue[code] as Saying<Details<C>>
  const said = { code, message: entry.says(details), mend: entry.mend(details) }
  return where === undefined ? said : { ...said, where }
}

/** What the user can mend: one or more complaints, thrown once. Anything else that is thrown is a defect of Goblet. */
export class GobletError extends Error {
  override readonly name = 'GobletError'
  readonly complaints: readonly Complaint[]

  constructor(complaints: readonly Complaint[]) {
    const sorted = [...complaints].sort(byPlace)
    super(sorted.map((one) => toText(one)).join('\n\n'))
    this.complaints = sorted
  }
}

// In the order in which somebody mends them; what has no place comes first.
function byPlace({ where: left }: Complaint, { where: right }: Complaint): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined)
  if (left.file !== right.file) return left.file < right.file ? -1 : 1
  return left.line - right.line || (left.column ?? 0) - (right.column ?? 0)
}

/** A GobletError of one complaint, to be thrown. */
export function problem<C extends Code>(code: C, details: Details<C>, where?: Where): GobletError {
  return new GobletError([complaint(code, details, where)])
}

/** A complaint as plain text: place, words, the way out. */
export function toText({ code, message, mend, where }: Complaint): string {
  return `${where === undefined ? '' : `${toPlace(where)}  `}${message}\n  ${mend} [${code}]`
}

/** `file:line:column`, as editors and terminals link it. */
export function toPlace({ file, line, column }: Where): string {
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`
}

/** The known word nearest to a mistyped one, or undefined when none is near (at most a third of its letters differ). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase(), least)
    if (far < least) {
      least = far
      best = candidate
    }
  }
  return best
}

// Edits to turn one word into the other, neighbours swapped counting once; gives up at `limit`.
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit
  let before: number[] = []
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1]
      let edits = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1)
      next.push(edits)
    }
    before = row
    row = next
  }
  return row[right.length] ?? limit
}
