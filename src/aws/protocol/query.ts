// The AWS query protocol: form-encoded input with dotted member names, output as XML.
// Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
import { ServiceError } from './service-error.ts'
import { writeXml, type XmlNodes } from './xml.ts'

/** Dotted names as a tree: `Entry.1.Id=a` reads `{ Entry: { 1: { Id: 'a' } } }`. Null-prototype maps. */
export interface Form {
  [name: string]: string | Form
}

export interface QueryAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

// A request of SQS nests six deep at most; deeper trees only cost memory.
const DEEPEST = 12

/** Reads `a=1&b.1.c=2`, from a body or a query string. */
export function readForm(text: string): Form {
  const form: Form = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) place(form, name, value)
  return form
}

function place(form: Form, name: string, value: string): void {
  const parts = name.split('.')
  const last = parts.pop()
  if (last === undefined || parts.length > DEEPEST) throw malformed(name)
  let at = form
  for (const part of parts) {
    const next: string | Form = at[part] ?? Object.create(null)
    if (typeof next === 'string') throw malformed(name)
    at[part] = next
    at = next
  }
  if (typeof at[last] === 'object') throw malformed(name)
  at[last] = value
}

const malformed = (name: string): ServiceError =>
  new ServiceError('MalformedInput', `The parameter ${name} is not valid.`, { code: 'MalformedQueryString' })

/** The members of a list, by their number: `{ 1: …, 2: … }`, or wrapped as `{ member: { 1: … } }`. */
export function membersOf(list: string | Form | undefined): (string | Form)[] {
  if (list === undefined || typeof list === 'string') return []
  const { member } = list
  const numbered = member !== undefined && typeof member === 'object' ? member : list
  return Object.entries(numbered)
    .filter(([number]) => /^\d{1,6}$/.test(number))
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, value]) => value)
}

/** `<ActionResponse><ActionResult>…</ActionResult><ResponseMetadata>…`; without output the result is left out. */
export function toQuery(action: string, result: XmlNodes | undefined, namespace: string, id: string): QueryAnswer {
  const content: XmlNodes = [
    [`${action}Result`, result],
    ['ResponseMetadata', [['RequestId', id]]],
  ]
  return answer(200, id, writeXml(`${action}Response`, content, namespace))
}

export function toQueryError(error: ServiceError, namespace: string, id: string): QueryAnswer {
  const words: XmlNodes = [
    ['Type', error.fault],
    ['Code', error.code],
    ['Message', error.message],
    ['Detail', ''],
  ]
  const content: XmlNodes = [
    ['Error', words],
    ['RequestId', id],
  ]
  return answer(error.status, id, writeXml('ErrorResponse', content, namespace))
}

const answer = (status: number, id: string, body: string): QueryAnswer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id },
  body,
})
