// `domain`: the name that an API is called by, instead of the one that AWS gives it.
import { type Complaint, complaint, type Where } from '../errors.ts'
import type { Options, Plain } from './describe.ts'
import type { ApiModel, TriggerModel } from './model.ts'
import { isObject, type Rule, show, textOf } from './options.ts'
import type { WebsocketModel } from './resources.ts'

export interface DomainModel {
  /** `api.example.com`. */
  readonly name: string
  /** The ARN of a certificate that is there; undefined: one is made, and proven by a record in the zone. */
  readonly certificate: string | undefined
  /**
   * The hosted zone in Route 53 that gets the records, by its id or its name; undefined: the one that the name lies in;
   * false: DNS is somebody else's, who is told what to point the name at.
   */
  readonly zone: string | false | undefined
}

const NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/
const CERTIFICATE = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/
const ZONE = /^Z[A-Z0-9]{1,31}$/

const MEND =
  "Write 'api.example.com', or { name: 'api.example.com', certificate: 'arn:aws:acm:…', zone: 'example.com' }."

export const domain: Rule = (value) => {
  if (typeof value === 'string') return nameProblem(value)
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend: MEND }
  const other = Object.keys(value).find((name) => !['name', 'certificate', 'zone'].includes(name))
  if (other !== undefined) return { problem: `has no part \`${other}\``, mend: MEND }
  const { name, certificate, zone } = value
  if (typeof name !== 'string') return { problem: 'has no `name`', mend: MEND }
  return nameProblem(name) ?? certificateProblem(certificate) ?? zoneProblem(name, zone, certificate !== undefined)
}

const nameProblem: (value: string) => ReturnType<Rule> = (value) =>
  NAME.test(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: "It is a name in lower case, without scheme or path: 'api.example.com'." }

const certificateProblem = (value: Plain | undefined): ReturnType<Rule> =>
  value === undefined || (typeof value === 'string' && CERTIFICATE.test(value))
    ? undefined
    : {
        problem: `has \`certificate\`, which is ${show(value)}`,
        mend: "It is the ARN of one in ACM, in the API's region: 'arn:aws:acm:us-east-1:123456789012:certificate/…'.",
      }

function zoneProblem(name: string, zone: Plain | undefined, isCertified: boolean): ReturnType<Rule> {
  if (zone === undefined) return undefined
  if (zone === false) {
    const problem = 'has `zone: false`, and then nothing proves a certificate that is made for it'
    return isCertified ? undefined : { problem, mend: 'Name a certificate that is there, or the hosted zone.' }
  }
  const isZone = typeof zone === 'string' && (ZONE.test(zone) || name === zone || name.endsWith(`.${zone}`))
  return isZone
    ? undefined
    : {
        problem: `has \`zone\`, which is ${show(zone)}`,
        mend: "It is a hosted zone's id (Z0123456789ABC) or the end of the name (example.com); false where DNS is elsewhere.",
      }
}

/** The domain that an option names. What is none has been complained of already. */
export function toDomain(value: Plain | undefined): DomainModel | undefined {
  if (typeof value === 'string') return { name: value, certificate: undefined, zone: undefined }
  if (!isObject(value) || typeof value.name !== 'string') return undefined
  const certificate = textOf(value, 'certificate', '')
  const { name, zone } = value
  return {
    name,
    certificate: certificate === '' ? undefined : certificate,
    zone: typeof zone === 'string' || zone === false ? zone : undefined,
  }
}

const isByStage = (value: Plain | undefined): value is { stages: Options } =>
  isObject(value) && isObject(value.stages) && Object.keys(value).length === 1

/** The same on a handle, which is declared once for all stages: one name for whatever stage, or one for each. */
export const domainByStage: Rule = (value) => {
  if (!isByStage(value)) return domain(value)
  for (const [stage, one] of Object.entries(value.stages)) {
    const wrong = domain(one)
    if (wrong !== undefined) return { problem: `has \`${stage}\`, which ${wrong.problem}`, mend: wrong.mend }
  }
  return undefined
}

export const domainOfStage = (value: Plain | undefined, stage: string): DomainModel | undefined =>
  toDomain(isByStage(value) ? value.stages[stage] : value)

interface Given {
  readonly api: ApiModel
  /** Where the app is declared. */
  readonly where: Where
  readonly triggers: readonly TriggerModel[]
  readonly sockets: readonly WebsocketModel[]
}

/**
 * Complains of a name that two APIs want, of one for a function URL, and of one for an API that somebody else made.
 * Source: "Map API stages to a custom domain name": WebSocket APIs share theirs with no other kind.
 */
export function settleDomains({ api, where, triggers, sockets }: Given): Complaint[] {
  const bad = (what: string, problem: string, mend: string, at: Where): Complaint =>
    complaint('GOBLET_BAD_OPTION', { option: 'domain', what, problem, mend }, at)
  const complaints: Complaint[] = []
  const seen = new Map<string, string>()
  if (api.domain !== undefined) {
    seen.set(api.domain.name, 'the app')
    if (api.door === 'url')
      complaints.push(
        bad(
          'the app',
          'names a function URL, which has no domain of its own',
          "Choose `api: 'http'` or 'rest'.",
          where,
        ),
      )
    else if (!triggers.some(({ kind }) => kind === 'http'))
      complaints.push(bad('the app', 'names an API, and the app has no route', 'Declare a route, or remove it.', where))
  }
  for (const { name, domain: asked, existing, where: at } of sockets) {
    if (asked === undefined) continue
    const what = `the websocket ${name}`
    const first = seen.get(asked.name)
    if (existing) complaints.push(bad(what, 'names an API that somebody else made', 'Remove it.', at))
    if (first !== undefined)
      complaints.push(bad(what, `is ${asked.name}, as of ${first}`, 'Give each API a name of its own.', at))
    seen.set(asked.name, what)
  }
  return complaints
}
