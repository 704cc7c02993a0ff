// The paths into an event: `$`, `$.detail.id`, `$['detail-type']`, `$.detail.list[0]`, `$.detail.list[*].id`.
// Source: user guide, "Amazon EventBridge input transformation": JSON path with dots, brackets, numbers and `*`.
import { isObject } from '../../../aws/protocol/json.ts'

type Step = { readonly name: string } | { readonly index: number } | 'all'

const STEP = /\.([^.[\]\s]+)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]|\[\*\]/y

/** The steps of a path; undefined when it is none. */
export function readPath(path: string): readonly Step[] | undefined {
  if (!path.startsWith('$')) return undefined
  const steps: Step[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path)
    if (found === null) return undefined
    const name = found[1] ?? found[3] ?? found[4]
    if (name !== undefined) steps.push(name === '*' ? 'all' : { name })
    else steps.push(found[2] === undefined ? 'all' : { index: Number(found[2]) })
  }
  return steps
}

/** What a path leads to; undefined when it leads nowhere. */
export function selected(value: unknown, path: string): unknown {
  const steps = readPath(path)
  if (steps === undefined) return undefined
  let found: unknown[] = [value]
  for (const step of steps) found = found.flatMap((one) => next(one, step))
  return steps.includes('all') ? found : found[0]
}

function next(value: unknown, step: Step): unknown[] {
  if (step === 'all') return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []
  if ('index' in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : []
  return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : []
}
