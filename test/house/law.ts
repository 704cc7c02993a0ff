// The law of the house: which room may open which. The table below is the law; what follows it only reads the table.
import type { Opening, Source } from './imports.ts'

interface Room {
  readonly floor: 1 | 2 | 3 | 4
  /** The rooms it may open. */
  readonly opens: readonly string[]
  /** The rooms it may open by `import type` only. */
  readonly types?: readonly string[]
  /** The file through which others come in. Without it the room is opened by file. */
  readonly door?: string
  /** Goes into Lambda or a browser. */
  readonly ships?: true
  /** The npm packages it may open. */
  readonly npm?: readonly string[]
  /** Opens nothing of Node: data and words only. */
  readonly pure?: true
  /** Folders in it whose members never open each other. */
  readonly strangers?: readonly string[]
}

export const ROOMS: Readonly<Record<string, Room>> = {
  errors: { floor: 1, opens: [], pure: true },
  aws: { floor: 2, opens: ['errors'] },
  model: { floor: 2, opens: ['errors'], door: 'index.ts', pure: true },
  runtime: { floor: 3, opens: ['aws'], types: ['model'], ships: true, strangers: ['runtime/triggers'] },
  build: { floor: 3, opens: ['errors', 'aws', 'model'], door: 'index.ts', npm: ['esbuild', 'oxc-parser'] },
  deploy: {
    floor: 3,
    opens: ['errors', 'aws', 'model'],
    door: 'index.ts',
    npm: [
      '@aws-sdk/client-cloudformation',
      '@aws-sdk/client-cloudwatch',
      '@aws-sdk/client-cloudwatch-logs',
      '@aws-sdk/client-lambda',
      '@aws-sdk/client-s3',
      '@aws-sdk/client-sts',
    ],
    strangers: ['deploy/kinds'],
  },
  local: {
    floor: 3,
    opens: ['errors', 'aws', 'model'],
    door: 'index.ts',
    npm: ['jose', 'lmdb', 'ws'],
    strangers: ['local/services', 'local/triggers'],
  },
  import: { floor: 3, opens: ['errors'], door: 'index.ts', npm: ['yaml'] },
  index: { floor: 4, opens: ['runtime'], types: ['aws', 'model'], ships: true },
  client: { floor: 4, opens: ['aws'], types: ['runtime'], ships: true },
  web: { floor: 4, opens: ['runtime', 'aws'], ships: true },
  cli: {
    floor: 4,
    opens: ['errors', 'aws', 'model', 'build', 'deploy', 'local', 'import'],
    npm: ['chokidar', 'commander'],
  },
  testing: { floor: 4, opens: ['errors', 'aws', 'model', 'build', 'local'], types: ['runtime'] },
}

/** Of a local service, the rest of the local cloud sees this file only. */
const SERVICE_DOOR = /^local\/services\/[^/]+(\/index)?\.ts$/

/** All that a local service may open besides its own folder and AWS's words. */
const SERVICE_OPENS = ['local/store.ts', 'local/clock.ts', 'local/service.ts']

/**
 * The shipped files that open Node's own modules, on first use: an import at the top would cost every cold start. One calls
 * AWS; the other compresses, and is apart from it so that a function that only answers holds no signer.
 */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  'runtime/call.ts': ['node:https', 'node:http', 'node:crypto'],
  'runtime/compress.ts': ['node:zlib'],
}

export interface Breach {
  readonly rule: string
  readonly file: string
  readonly line: number
  readonly says: string
}

export function toText({ rule, file, line, says }: Breach): string {
  return `src/${file}:${line}  ${rule}: ${says}`
}

/** The room of a file below src: its first folder, or its own name. */
export function roomOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '')
}

/** Everything in these sources that the law forbids. */
export function check(sources: readonly Source[]): Breach[] {
  const shipped = reachedFrom(sources)
  const breaches = sources.flatMap(({ file, openings }) => {
    if (ROOMS[roomOf(file)] === undefined)
      return [breach('rooms', { file, line: 1 }, `${roomOf(file)} is no room of the house`)]
    return openings.flatMap((opening) => [
      ...checkRooms(opening),
      ...checkStrangers(opening),
      ...checkOutside(opening, shipped),
    ])
  })
  return [...breaches, ...circles(sources)]
}

function breach(rule: string, { file, line }: Pick<Opening, 'file' | 'line'>, says: string): Breach {
  return { rule, file, line, says }
}

function checkRooms(opening: Opening): Breach[] {
  if (opening.kind !== 'own') return []
  const { file, target, type } = opening
  const [from, to] = [roomOf(file), roomOf(target)]
  const [room, other] = [ROOMS[from], ROOMS[to]]
  if (target.startsWith('..')) return [breach('rooms', opening, `${target} is outside of src`)]
  if (room === undefined || other === undefined || from === to) return []
  if (room.types?.includes(to) && !room.opens.includes(to) && !type) {
    return [breach('types-only', opening, `${from} opens ${to} by \`import type\` only`)]
  }
  if (!room.opens.includes(to) && !room.types?.includes(to)) {
    return [breach('rooms', opening, `${from} (floor ${room.floor}) may not open ${to} (floor ${other.floor})`)]
  }
  if (other.door !== undefined && target !== `${to}/${other.door}`) {
    return [breach('doors', opening, `${to} is opened through ${to}/${other.door}, not ${target}`)]
  }
  return []
}

function checkStrangers(opening: Opening): Breach[] {
  const { file, kind, target } = opening
  const folder = ROOMS[roomOf(file)]?.strangers?.find((one) => file.startsWith(`${one}/`))
  if (kind !== 'own') return []
  if (folder === undefined) {
    const past = target.startsWith('local/services/') && !SERVICE_DOOR.test(target)
    return past ? [breach('doors', opening, `a service is opened through its index.ts, not ${target}`)] : []
  }
  const own = member(folder, file)
  const other = target.startsWith(`${folder}/`) ? member(folder, target) : undefined
  if (other !== undefined && other !== own)
    return [breach('strangers', opening, `${own} may not open ${other}: members of ${folder} never open each other`)]
  const allowed = other === own || roomOf(target) === 'aws' || SERVICE_OPENS.includes(target)
  if (folder !== 'local/services' || allowed) return []
  return [
    breach('services', opening, `a service opens its own folder, ${SERVICE_OPENS.join(', ')} and aws, not ${target}`),
  ]
}

function member(folder: string, file: string): string {
  return (file.slice(folder.length + 1).split('/')[0] ?? '').replace(/\.ts$/, '')
}

function checkOutside(opening: Opening, shipped: ReadonlySet<string>): Breach[] {
  const { file, kind, target, dynamic } = opening
  const room = ROOMS[roomOf(file)]
  if (kind === 'own' || room === undefined) return []
  if (shipped.has(file)) {
    if (kind === 'npm')
      return [breach('ships-no-npm', opening, `what ships opens no npm package, and this opens ${target}`)]
    if (kind === 'unknown')
      return [breach('ships-seen', opening, 'what ships names what it opens, so that it can be bundled')]
    const calls = roomOf(file) === 'web' || (OPENERS[file]?.includes(target) === true && dynamic)
    return calls
      ? []
      : [
          breach(
            'ships-no-node',
            opening,
            `what ships opens nothing of Node (${Object.keys(OPENERS).join(' and ')} may, on first use), and this opens ${target}`,
          ),
        ]
  }
  if (kind === 'npm' && !room.npm?.includes(target))
    return [breach('npm', opening, `${roomOf(file)} may not open the package ${target}`)]
  if (kind === 'node' && room.pure)
    return [breach('pure', opening, `${roomOf(file)} holds data and words only, and this opens ${target}`)]
  return []
}

/** The files that ship: the rooms that do, and what they load. */
function reachedFrom(sources: readonly Source[]): Set<string> {
  const openings = new Map(sources.map(({ file, openings }) => [file, openings]))
  const reached = new Set<string>()
  const waiting = sources.map(({ file }) => file).filter((file) => ROOMS[roomOf(file)]?.ships)
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    for (const { kind, target, type } of openings.get(file) ?? []) if (kind === 'own' && !type) waiting.push(target)
  }
  return reached
}

/** Files that load each other, each circle once, told at the import that closes it. */
function circles(sources: readonly Source[]): Breach[] {
  const loads = new Map(
    sources.map(({ file, openings }) => [file, openings.filter(({ kind, type }) => kind === 'own' && !type)]),
  )
  const done = new Set<string>()
  const found: Breach[] = []
  const visit = (file: string, trail: readonly string[]): void => {
    if (done.has(file)) return
    for (const opening of loads.get(file) ?? []) {
      const here = [...trail, file]
      const start = here.indexOf(opening.target)
      if (start >= 0) found.push(breach('circle', opening, [...here.slice(start), opening.target].join(' → ')))
      else visit(opening.target, here)
    }
    done.add(file)
  }
  for (const { file } of sources) visit(file, [])
  return found
}
