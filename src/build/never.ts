// The cross-check with the syntax: factory calls inside functions that never ran would be holes that nobody sees.
import { type Complaint, complaint } from '../errors.ts'
import { shown } from './complaints.ts'
import type { DescribeGiven } from './describe.ts'
import { FACTORIES } from './factories.ts'
import type { Place } from './places.ts'
import { toOffset, toPosition } from './sources.ts'
import type { Call, Source } from './syntax.ts'

/** Calls of factories inside functions of the user's files, of which none was seen to run. */
export function findNeverDeclared(given: DescribeGiven): Complaint[] {
  const { root, sources, reached } = given
  const ran = callsThatRan(given)
  return reached.flatMap((file) => {
    const source = sources.get(file)
    if (source === undefined) return []
    return source.calls.flatMap((call) => {
      if (!call.inside || call.factory === undefined || !FACTORIES.has(call.factory) || ran.has(call)) return []
      const [line, column] = toPosition(source.text, call.start)
      return [complaint('GOBLET_NEVER_DECLARED', { factory: call.factory }, { file: shown(root, file), line, column })]
    })
  })
}

function callsThatRan({ read, locate, sources }: DescribeGiven): Set<Call> {
  const places = new Map<string, Place>()
  for (const frame of read.recorded.flatMap(({ frames }) => frames)) {
    const place = locate(frame)
    if (place !== undefined) places.set(`${place.file}:${place.line}:${place.column}`, place)
  }
  return new Set([...places.values()].flatMap((place) => callsAt(place, sources.get(place.file))))
}

// The call at a place; where a source map is not exact, every call of its line, for a false alarm is worse than a missed one.
function callsAt({ line, column }: Place, source: Source | undefined): Call[] {
  if (source === undefined) return []
  const offset = toOffset(source.text, [line, column])
  const exact = source.calls.filter(({ start, callee }) => start <= offset && offset < callee)
  return exact.length > 0 ? exact : source.calls.filter(({ start }) => toPosition(source.text, start)[0] === line)
}
