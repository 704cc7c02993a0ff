// Who may call a route: `authorizer` of http, httpApi and websocket events.
import type { Where } from '../../errors.ts'
import { type Code, type CodeMap, call, raw } from '../code.ts'
import { itemsOf, member, type Node, textOf } from '../node.ts'
import type { Section } from '../section.ts'
import type { Context } from './context.ts'
import { piecesOf } from './references.ts'

/** What a function is asked as an authorizer, by its key. */
export interface Asked {
  readonly options: CodeMap
  /** It answers `{ isAuthorized }`. */
  readonly simple: boolean
}

export class Authorizers {
  readonly #context: Context
  readonly #asked = new Map<string, Asked>()
  /** The authorizers of HTTP APIs, which routes name. */
  readonly #named = new Map<string, Section>()

  constructor(context: Context) {
    this.#context = context
  }

  /** What a function is asked as an authorizer; undefined where it is none. */
  asked(key: string): Asked | undefined {
    return this.#asked.get(key)
  }

  /** The const of the authorizer that a function is. */
  constOf(key: string): string {
    const { functions } = this.#context
    return functions.get(`${key} authorizer`) ?? functions.get(key) ?? key
  }

  readNamed(authorizers: Section): void {
    for (const name of authorizers.keys) this.#named.set(name, authorizers.section(name))
  }

  /** Reports what of the named ones nobody read. */
  close(): void {
    for (const section of this.#named.values())
      section.close({ mapped: ['type', 'functionName', 'issuerUrl', 'audience', 'identitySource', 'scopes'] })
  }

  /** `auth` and `scopes` of a route of a REST API. */
  ofRest(event: Section): CodeMap {
    const node = event.take('authorizer')
    if (node === undefined) return {}
    const at = { where: event.whereOf('authorizer'), subject: event.pathOf('authorizer') }
    const text = textOf(node)
    if (text !== undefined) return this.#ofRestText(text, at)
    const section = event.section('authorizer')
    const [type, name] = [section.text('type')?.toLowerCase(), section.text('name')]
    const [arn, scopes] = [section.take('arn'), itemsOf(section.take('scopes')).flatMap((one) => textOf(one) ?? [])]
    const [identity, ttl] = [section.text('identitySource'), section.number('resultTtlInSeconds')]
    section.close({
      noted: { managedExternally: 'is not needed.' },
      hand: {
        identityValidationExpression: 'is not known: check the token in the authorizer.',
        claims: 'are all given to the handler.',
        authorizerId: 'belongs to an API that is shared.',
      },
    })
    if (type === 'aws_iam') return this.#iam()
    if (type === 'cognito_user_pools' || this.#pool(arn) !== undefined) return this.#cognito(arn, scopes, at)
    const key = this.#keyOf(name, arn)
    if (key === undefined) return this.#unknown(at)
    const style = type === 'request' ? 'request' : undefined
    const options = style === undefined ? { header: headerOf(identity) } : { style, identity: identitiesOf(identity) }
    return this.#ask(key, { options: { ...options, ttl: ttl === 300 ? undefined : ttl }, simple: false }, at)
  }

  #ofRestText(text: string, at: At): CodeMap {
    if (text.toLowerCase() === 'aws_iam') return this.#iam()
    if (/:userpool\//.test(text)) return this.#cognito({ kind: 'scalar', value: text, where: at.where }, [], at)
    const key = this.#keyOf(text, undefined)
    return key === undefined ? this.#unknown(at) : this.#ask(key, { options: {}, simple: false }, at)
  }

  /** The same of an HTTP API, whose authorizers stand at the provider. */
  ofHttp(event: Section): CodeMap {
    const node = event.take('authorizer')
    if (node === undefined) return {}
    const at = { where: event.whereOf('authorizer'), subject: event.pathOf('authorizer') }
    const section = textOf(node) === undefined ? event.section('authorizer') : undefined
    const name = textOf(node) ?? section?.text('name')
    const scopes = itemsOf(section?.take('scopes')).flatMap((one) => textOf(one) ?? [])
    const type = section?.text('type')
    section?.close({ hand: { id: 'belongs to an API that is shared.' } })
    if (type === 'aws_iam' || name === 'aws_iam') return this.#iam()
    const named = this.#named.get(name ?? '')
    if (named === undefined) return this.#unknown(at)
    const own = named.text('type')
    if (own === 'jwt' || (own === undefined && named.has('issuerUrl'))) return this.#jwt(named, scopes)
    return this.#request(named, at)
  }

  #jwt(named: Section, scopes: readonly string[]): CodeMap {
    const issuer = named.text('issuerUrl') ?? ''
    const audience = itemsOf(named.take('audience')).flatMap((one) => textOf(one) ?? [])
    const source = named.text('identitySource')
    if (source !== undefined && !/header\.authorization$/i.test(source))
      named.hand('identitySource', 'tokens are read from the header Authorization.')
    if (!/^https?:\/\//.test(issuer) || audience.length === 0) {
      named.hand(
        'issuerUrl',
        'or the audience is not known beforehand: write `auth: jwt({ issuer, audience })`. Until then routes that ask for it ask nobody to show anything but AWS credentials (`iam()`).',
      )
      return this.#iam()
    }
    const code = call('jwt', [{ issuer, audience: audience.length === 1 ? audience[0] : audience }])
    return { auth: code, scopes: scopes.length === 0 ? undefined : scopes }
  }

  #request(named: Section, at: At): CodeMap {
    const key = this.#keyOf(named.text('functionName'), named.take('functionArn'))
    if (key === undefined) return this.#unknown(at)
    const identity = itemsOf(named.take('identitySource')).flatMap((one) => textOf(one) ?? [])
    const ttl = named.number('resultTtlInSeconds')
    const simple = named.flag('enableSimpleResponses') === true
    if (named.text('payloadVersion') === '1.0') named.hand('payloadVersion', 'the authorizer is asked in format 2.0.')
    named.text('name')
    // Without a time to live AWS remembers nothing, and needs no identity.
    const options: CodeMap = { style: 'request', identity: identity.length === 0 ? undefined : identity, ttl: ttl ?? 0 }
    return this.#ask(key, { options, simple }, at)
  }

  /** `auth` of a WebSocket API, which `$connect` says. */
  ofWebsocket(event: Section): Code | undefined {
    const node = event.take('authorizer')
    if (node === undefined) return undefined
    const at = { where: event.whereOf('authorizer'), subject: event.pathOf('authorizer') }
    const section = textOf(node) === undefined ? event.section('authorizer') : undefined
    const text = textOf(node) ?? section?.text('name')
    if (text?.toLowerCase() === 'aws_iam') return this.#iam().auth
    const key = this.#keyOf(text, section?.take('arn'))
    // Source: the Serverless Framework asks by the header Auth, where nothing else is said.
    const given = itemsOf(section?.take('identitySource')).flatMap((one) => textOf(one) ?? [])
    section?.close({})
    const identity = (given.length === 0 ? ['route.request.header.Auth'] : given).map((one) =>
      one.replace(/^route\./, '$'),
    )
    if (key === undefined) return this.#unknown(at).auth
    return this.#ask(key, { options: { style: 'request', identity }, simple: false }, at).auth
  }

  #ask(key: string, asked: Asked, { where, subject }: At): CodeMap {
    const before = this.#asked.get(key)
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(asked))
      this.#context.report.hand(where, subject, `asks ${key} in another way than a route above; that way was kept.`)
    if (before === undefined) this.#asked.set(key, asked)
    return { auth: raw(this.constOf(key)) }
  }

  #iam(): CodeMap {
    return { auth: raw('iam()') }
  }

  #pool(arn: Node | undefined): string | undefined {
    const text = textOf(arn)
    return text !== undefined && /:userpool\//.test(text) ? text : undefined
  }

  #cognito(arn: Node | undefined, scopes: readonly string[], { where, subject }: At): CodeMap {
    const pool = this.#pool(arn)
    if (pool !== undefined && /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/.test(pool))
      return { auth: call('cognito', [{ userPools: [pool] }]), scopes: scopes.length === 0 ? undefined : scopes }
    this.#context.report.hand(
      where,
      subject,
      'names a user pool that is not known beforehand: write `auth: cognito({ userPools: [arn] })`. Until then callers sign with AWS credentials (`iam()`).',
    )
    return this.#iam()
  }

  // A route that asked somebody must not be open to everybody.
  #unknown({ where, subject }: At): CodeMap {
    this.#context.report.hand(
      where,
      subject,
      'names an authorizer that is not in this file. Until there is one, callers sign with AWS credentials (`iam()`).',
    )
    return this.#iam()
  }

  #keyOf(name: string | undefined, arn: Node | undefined): string | undefined {
    const { functions, root } = this.#context
    if (name !== undefined && functions.has(name)) return name
    const [first] = piecesOf(arn) ?? []
    // Source: the Serverless Framework names its resources `HelloLambdaFunction`.
    const id = first !== undefined && typeof first !== 'string' && 'id' in first ? first.id : undefined
    if (id === undefined || root.kind !== 'dict' || member(root, 'functions') === undefined) return undefined
    return [...functions.keys()].find((key) => `${key.charAt(0).toUpperCase()}${key.slice(1)}LambdaFunction` === id)
  }
}

interface At {
  readonly where: Where
  readonly subject: string
}

/** `method.request.header.X-Token` is the header `X-Token`. */
function headerOf(identity: string | undefined): string | undefined {
  const header = /header\.([\w-]+)/.exec(identity ?? '')?.[1]
  return header === undefined || header.toLowerCase() === 'authorization' ? undefined : header
}

const identitiesOf = (identity: string | undefined): string[] | undefined =>
  identity?.split(',').map((one) =>
    one
      .trim()
      .replace(/^method\./, '$')
      .replace(/^context\./, '$context.'),
  )
