// Clients of the SDK: made, told what they are made with, and asked.
import { idOf, type Node } from '../ast.ts'
import { ANYTHING, type Atom, just, NOTHING, native, type Values } from '../atoms.ts'
import { asCommands } from '../facts.ts'
import { Cell } from '../heap.ts'
import { argument, type Given, given, type Site, type Unit } from '../machine.ts'
import type { ClientTag, CommandTag } from '../tags.ts'
import { join } from '../values.ts'
import { answerOf } from './answers.ts'
import { capitalise, documentOperation, waitedFor } from './names.ts'

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

interface Making {
  readonly service: string
  readonly flavour: ClientTag['flavour']
  readonly config: Values
}

/** A client, one for each place that makes it. */
export function makeClient({ service, flavour, config }: Making, { machine, node, unit }: Site): Values {
  const id = `client:${service}:${flavour}:${idOf(node)}/${unit.id}`
  const atom = machine.once(id, () => clientAtom(id, { service, flavour, node, unit }), isAtom)
  if (atom.kind === 'native' && atom.tag?.type === 'client') machine.put(atom.tag.config, config)
  return just(atom)
}

export function clientAtom(
  id: string,
  { service, flavour, node, unit }: { service: string; flavour: ClientTag['flavour']; node: Node; unit: Unit },
): Atom {
  const tag: ClientTag = { type: 'client', service, flavour, config: new Cell(), node, unit }
  const self: Atom = native(id, { tag, read: (name) => member(self, tag, name) })
  return self
}

// What a client has besides its operations.
const QUIET = new Set(['destroy', 'config', 'middlewareStack', 'on', 'constructor', 'then', 'initialize'])

function member(self: Atom, tag: ClientTag, name: string | undefined): Values {
  if (name === 'send') return just(native(`${self.id}.send`, { call: (handed, at) => send(tag, handed, at) }))
  if (name !== undefined && QUIET.has(name)) return ANYTHING
  if (name === undefined) return just(native(`${self.id}.*`, { call: (handed, at) => ask(tag, undefined, handed, at) }))
  const special = name.startsWith('paginate')
    ? name.slice('paginate'.length)
    : name.startsWith('waitUntil')
      ? waitedFor(name.slice('waitUntil'.length), tag.service)
      : undefined
  return just(
    native(`${self.id}.${name}`, {
      call: (handed, at) => (special === undefined ? method(tag, name, handed, at) : ask(tag, special, handed, at)),
    }),
  )
}

function method(tag: ClientTag, name: string, handed: Given, site: Site): Values {
  const word = capitalise(name)
  if (tag.flavour === 'plain') return ask(tag, word, handed, site)
  return ask(tag, documentOperation(word) ?? word, handed, site)
}

/** An operation asked for by a method. */
export function ask(tag: ClientTag, operation: string | undefined, handed: Given, site: Site): Values {
  const input = argument(handed, 0)
  site.machine.facts.operation({ service: tag.service, operation, input, client: tag }, site)
  const answer = answerOf(tag.service, operation, input, site)
  // The last argument may be a function that is called with the answer.
  for (const values of handed.list.slice(1)) site.machine.call(values, NOTHING, given(ANYTHING, answer), site)
  return answer
}

/** `client.send(command)`. */
export function send(tag: ClientTag, handed: Given, site: Site): Values {
  const values = argument(handed, 0)
  let answers: Values = NOTHING
  for (const command of asCommands(values, site.unit)) {
    answers = join(answers, sendCommand(tag, command, site))
  }
  // Something else that is sent could be anything; nothing at all is sent where nothing is known yet.
  const strange = [...values.values()].some(({ kind }) => kind === 'unknown')
  if (strange)
    site.machine.facts.operation({ service: tag.service, operation: undefined, input: NOTHING, client: tag }, site)
  return answers.size === 0 ? ANYTHING : answers
}

export function sendCommand(tag: ClientTag | undefined, command: CommandTag, site: Site): Values {
  command.sent = true
  const { service, operation, input } = command
  const given = input.see(site.unit)
  site.machine.facts.operation({ service, operation, input: given, client: tag }, site)
  return answerOf(service, operation, given, site)
}

/** A command, one for each place that makes it. */
export function makeCommand(service: string, operation: string | undefined, input: Values, site: Site): Values {
  const { machine, node, unit } = site
  const id = `command:${service}.${operation}:${idOf(node)}/${unit.id}`
  const atom = machine.once(
    id,
    () => {
      const tag: CommandTag = { type: 'command', service, operation, input: new Cell(), node, unit, sent: false }
      machine.facts.commands.set(id, tag)
      return native(id, { tag, read: (name, at) => (name === 'input' ? tag.input.see(at.unit) : ANYTHING) })
    },
    isAtom,
  )
  if (atom.kind === 'native' && atom.tag?.type === 'command') machine.put(atom.tag.input, input)
  return just(atom)
}
