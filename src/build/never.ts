// The cross-check with the syntax: factory calls inside functions that never ran would be holes that nobody sees.
import { type Complaint, complaint } from '../errors.ts'
import { shown } from './complaints.ts'
import type { DescribeGiven } from './describe.ts'
import { toPosition } from './sources.ts'
import { FACTORIES } from './syntax.ts'

/** Calls of factories inside functions of the user's files, of which none was seen to run. */
export function findNeverDeclared({ root, sources, locate, read, reached }: DescribeGiven): Complaint[] {
  const ran = new Set<string>()
  for (const { frames } of read.recorded) {
    for (const frame of frames) {
      const place = locate(frame)
      if (place !== undefined) ran.add(`${place.file}:${place.line}`)
    }
  }
  return reached.flatMap((file) => {
    const source = sources.get(file)
    if (source === undefined) return []
    return source.calls.flatMap(({ factory, inside, start, callee }) => {
      if (!inside || factory === undefined || !FACTORIES.has(factory)) return []
      const [line, column] = toPosition(source.text, start)
      const [last] = toPosition(source.text, callee)
      // By line: the engine places a call at its callee, whose line may be any of these.
      for (let at = line; at <= last; at++) if (ran.has(`${file}:${at}`)) return []
      return [complaint('GOBLET_NEVER_DECLARED', { factory }, { file: shown(root, file), line, column })]
    })
  })
}
