// What the engine finds out while it runs the code: operations that are asked for, and things to tell a person.
import type { Finding } from '../../model/index.ts'
import { idOf, type Node } from './ast.ts'
import { type Atom, NOTHING, type Values } from './atoms.ts'
import { Thing } from './heap.ts'
import type { Site, Unit } from './machine.ts'
import { ownCalls } from './own-calls.ts'
import type { Resolved } from './resolution.ts'
import type { ClientTag, CommandTag, HandleTag } from './tags.ts'
import { join } from './values.ts'

/** One operation, asked for at one place. */
export interface Fact {
  readonly service: string
  /** Undefined: it could be any. */
  readonly operation: string | undefined
  readonly input: Values
  readonly node: Node
  readonly unit: Unit
  /** The client that sends it; undefined: the function's own credentials are used for certain. */
  readonly client: ClientTag | undefined
  /** What is known of the input besides. */
  readonly fixed?: Readonly<Record<string, string>>
}

/** Something to tell. */
export interface Notice {
  readonly kind: Finding['kind']
  readonly node: Node
  readonly unit: Unit
  readonly message: string
  readonly mend: string
  /** It could not be found out what is needed: the function must not be deployed so. */
  readonly fatal: boolean
}

// Libraries that take a client and use it for nothing of their own, by the beginning of their names.
const HARMLESS =
  /^(?:@aws-lambda-powertools\/(?:tracer|logger|metrics)|aws-xray-sdk|aws-sdk-client-mock|@opentelemetry\/|datadog-lambda-js|@sentry\/|node:)/

// What is known by heart, or asks AWS for nothing.
const KNOWN =
  /^(?:goblet|aws-sdk|electrodb|dynamodb-toolbox|dynamoose|@aws-sdk|@smithy|@aws-lambda-powertools|@middy\/(?:core|ssm|secrets-manager)|aws-xray-sdk.*)(?:\/|$)/

export class Facts {
  readonly #facts = new Map<string, Fact>()
  readonly #notices = new Map<string, Notice>()
  readonly commands = new Map<string, CommandTag>()

  operation(fact: Omit<Fact, 'node' | 'unit'>, { node, unit }: Site): void {
    const client = fact.client === undefined ? '' : `${idOf(fact.client.node)}/${fact.client.unit.id}`
    const key = `${idOf(node)}/${unit.id}:${fact.service}.${fact.operation}:${client}`
    const before = this.#facts.get(key)
    const input = before === undefined ? fact.input : join(before.input, fact.input)
    this.#facts.set(key, { ...fact, input, node, unit })
  }

  notice(notice: Omit<Notice, 'node' | 'unit'>, { node, unit }: Site): void {
    this.#notices.set(`${notice.kind}:${idOf(node)}:${notice.message}`, { ...notice, node, unit })
  }

  /** A file that nobody can read. */
  broken(site: Site): void {
    this.notice(
      {
        kind: 'unresolved-operation',
        message: 'The file does not parse, or is nested too deeply to be read: what it needs is not known.',
        mend: 'Mend it (the build says what is wrong), or say what it needs with `permissions`.',
        fatal: true,
      },
      site,
    )
  }

  /** A package is loaded: some are told of. */
  imported({ specifier, directory }: Extract<Resolved, { kind: 'package' }>, site: Site): void {
    if (/^aws-sdk(?:\/|$)/.test(specifier)) {
      this.notice(
        {
          kind: 'sdk-v2',
          message: `\`${specifier}\` is version 2 of the AWS SDK: only its plain method calls are understood.`,
          mend: 'Use the clients of version 3 (`@aws-sdk/client-…`), or say what is missing with `permissions`.',
          fatal: false,
        },
        site,
      )
    } else if (/^(?:@aws-sdk|@smithy)\/signature-v4|^aws4(?:fetch)?$/.test(specifier)) {
      this.notice(
        {
          kind: 'signed-request',
          message: `\`${specifier}\` signs requests by hand: what they ask for is not known.`,
          mend: 'Say what they need with `permissions: [{ actions, resources, why }]`.',
          fatal: false,
        },
        site,
      )
    } else if (directory !== undefined && !KNOWN.test(specifier)) {
      const own = ownCalls(directory)
      if (own === undefined) return
      const named = own.length === 0 ? '' : `: ${own.join(', ')}`
      this.notice(
        {
          kind: 'opaque-client',
          message: `\`${specifier}\` has clients of AWS of its own, and its code is not read${named}.`,
          mend: 'Say what it does with `permissions: [{ actions, resources, why }]`.',
          fatal: false,
        },
        site,
      )
    }
  }

  /** A client goes where nobody can see what is done with it. */
  handedOver(specifier: string, values: Values, site: Site): void {
    if (HARMLESS.test(specifier)) return
    const handed = [
      ...clientsIn(values, site.unit).map(({ service }) => `A client of ${service}`),
      ...handlesIn(values).map(({ kind, name }) => `The ${kind}${name === undefined ? '' : ` \`${name}\``}`),
    ]
    for (const what of new Set(handed)) {
      const library = specifier === '' ? 'code that cannot be read' : `\`${specifier}\``
      this.notice(
        {
          kind: 'opaque-client',
          message: `${what} is handed to ${library}: what it is used for there is not known.`,
          mend: 'Say what it does with `permissions: [{ actions, resources, why }]`.',
          fatal: false,
        },
        site,
      )
    }
  }

  facts(): Fact[] {
    const sent = [...this.#facts.values()]
    // What is made and never seen to be sent is granted: it is made for something.
    for (const command of this.commands.values()) {
      if (command.sent) continue
      const { service, operation, node, unit } = command
      sent.push({ service, operation, input: command.input.values, node, unit, client: undefined })
    }
    return sent
  }

  notices(): Notice[] {
    return [...this.#notices.values()]
  }
}

/** The clients in these values, and in objects of them. */
export function clientsIn(values: Values, unit: Unit | undefined, depth = 0): ClientTag[] {
  return [...values.values()].flatMap((atom): ClientTag[] => {
    const tag = tagOf(atom)
    if (tag?.type === 'client') return [tag]
    if (!(atom instanceof Thing) || depth > 2) return []
    return [
      ...clientsIn(atom.bases.see(unit), unit, depth + 1),
      ...clientsIn(depth < 2 && atom.shape !== 'instance' ? atom.everything(unit) : NOTHING, unit, depth + 1),
    ]
  })
}

const handlesIn = (values: Values): HandleTag[] =>
  [...values.values()].flatMap((atom) => {
    const tag = tagOf(atom)
    return tag?.type === 'handle' ? [tag] : []
  })

export const tagOf = (atom: Atom) => (atom.kind === 'native' ? atom.tag : undefined)

/** The clients that a value itself is: an object that extends one among them. */
export function asClients(values: Values, unit: Unit | undefined): ClientTag[] {
  return [...values.values()].flatMap((atom): ClientTag[] => {
    const tag = tagOf(atom)
    if (tag?.type === 'client') return [tag]
    return atom instanceof Thing && atom.bases.see(unit).size > 0 ? asClients(atom.bases.see(unit), unit) : []
  })
}

/** The commands that a value is. */
export function asCommands(values: Values, unit: Unit | undefined): CommandTag[] {
  return [...values.values()].flatMap((atom): CommandTag[] => {
    const tag = tagOf(atom)
    if (tag?.type === 'command') return [tag]
    return atom instanceof Thing && atom.bases.see(unit).size > 0 ? asCommands(atom.bases.see(unit), unit) : []
  })
}
