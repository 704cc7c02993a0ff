// Validation by any Standard Schema (zod, valibot, arktype …): every problem of every part of a request, in one answer.
import { HttpError } from './http-error.ts'
import { keyOf, type SchemaIssue, toPath } from './issue.ts'

/** What a Standard Schema validator is. Source: the Standard Schema specification, version 1. */
export interface Schema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Checked<Output> | Promise<Checked<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type Checked<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** What a schema makes of its input. */
export type SchemaOutput<Given extends Schema> = NonNullable<Given['~standard']['types']>['output']

/** What a schema takes. */
export type SchemaInput<Given extends Schema> = NonNullable<Given['~standard']['types']>['input']

/** One thing that is wrong with a request. */
export interface Problem {
  readonly in: Part
  /** From the part down: `address.0.city`; empty for the part itself. */
  readonly path: string
  readonly message: string
}

export type Part = 'params' | 'query' | 'headers' | 'body'

/** The answer to a request that the route's schemas refuse; `Problems` lists all of them. */
class ValidationError extends HttpError {
  constructor(problems: readonly Problem[]) {
    super(422, 'UnprocessableEntityError', problems.map(toText).join('; '), { Problems: problems })
  }
}

const toText = ({ in: part, path, message }: Problem): string => `${part}${path === '' ? '' : `.${path}`}: ${message}`

/** A part of a request that has a schema: how to read it, and where its checked value goes. */
export interface Checkable<Target> {
  readonly part: Part
  readonly schema: Schema
  readonly read: (target: Target) => unknown
  /** For names that may come more than once: all values by name. */
  readonly readAll?: (target: Target) => Readonly<Record<string, readonly unknown[] | undefined>>
  readonly write: (target: Target, value: unknown) => void
}

/** Checks every part, then throws once what is wrong with any of them. A promise only where a validator needs one. */
export function checkParts<Target>(
  parts: readonly Checkable<Target>[],
  target: Target,
): undefined | Promise<undefined> {
  const checked = parts.map((part) => checkPart(part, target))
  if (checked.some(isLater)) return Promise.all(checked).then((done) => settle(parts, target, done))
  return settle(parts, target, checked as Checked<unknown>[])
}

function settle<Target>(
  parts: readonly Checkable<Target>[],
  target: Target,
  checked: readonly Checked<unknown>[],
): undefined {
  const problems: Problem[] = []
  for (const [index, one] of checked.entries()) {
    const part = parts[index] as Checkable<Target>
    if (one.issues === undefined) part.write(target, one.value)
    else problems.push(...one.issues.map((issue) => toProblem(part.part, issue)))
  }
  if (problems.length > 0) throw new ValidationError(problems)
}

const isLater = (value: unknown): value is Promise<Checked<unknown>> =>
  typeof (value as { then?: unknown }).then === 'function'

function checkPart<Target>(
  { schema, read, readAll }: Checkable<Target>,
  target: Target,
): Checked<unknown> | Promise<Checked<unknown>> {
  const validate = schema['~standard'].validate
  const value = read(target)
  const first = validate(value)
  if (readAll === undefined) return first
  const all = readAll
  const again = (checked: Checked<unknown>) => retry(checked, value, all(target), validate)
  return isLater(first) ? first.then(again) : again(first)
}

// `?tag=a&tag=b` is "b" to a schema that wants text and ["a", "b"] to one that wants a list: where the last value is refused,
// the list is tried.
function retry(
  checked: Checked<unknown>,
  value: unknown,
  all: Readonly<Record<string, readonly unknown[] | undefined>>,
  validate: (value: unknown) => Checked<unknown> | Promise<Checked<unknown>>,
): Checked<unknown> | Promise<Checked<unknown>> {
  if (checked.issues === undefined) return checked
  const lists: Record<string, unknown> = {}
  for (const { path } of checked.issues) {
    const name = String(keyOf(path?.[0] ?? ''))
    const list = all[name]
    if (list !== undefined) define(lists, name, list)
  }
  if (Object.keys(lists).length === 0) return checked
  const second = validate(Object.assign({}, value, lists))
  const better = (other: Checked<unknown>) => (other.issues === undefined ? other : checked)
  return isLater(second) ? second.then(better) : better(second)
}

// A client's name is only a name, __proto__ too.
const define = (object: object, name: string, value: unknown): void => {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
}

const toProblem = (part: Part, { message, path = [] }: SchemaIssue): Problem => ({
  in: part,
  path: toPath(path).join('.'),
  message,
})
