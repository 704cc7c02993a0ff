// Sets of abstract values: joined, bounded, and asked.
import {
  ANYWHERE,
  type Atom,
  just,
  type Known,
  known,
  NOTHING,
  type Primitive,
  text,
  unknown,
  type Values,
} from './atoms.ts'

// What is more is no longer told apart.
const MOST_TEXTS = 64
const MOST = 400

/** Stands for more texts than are told apart; none is added beside it. */
const MANY = unknown('anywhere', 'many')

const isTextual = ({ kind }: Atom): boolean => kind === 'known' || kind === 'text'

/** Any of these. One of them itself where the others add nothing. */
export function join(first: Values, ...others: readonly Values[]): Values {
  let all: Values = first
  let own: Map<string, Atom> | undefined
  for (const other of others) {
    if (other.size === 0 || other === all) continue
    if (all.size === 0) {
      all = other
      continue
    }
    for (const [id, atom] of other) {
      if (all.has(id) || (all.has(MANY.id) && (isTextual(atom) || all.size > MOST))) continue
      if (own === undefined) {
        own = new Map(all)
        all = own
      }
      own.set(id, atom)
    }
  }
  return own === undefined || own.size <= MOST_TEXTS ? all : bounded(own)
}

export const joinAll = (all: readonly Values[]): Values =>
  all.length === 0 ? NOTHING : join(all[0] ?? NOTHING, ...all.slice(1))

function bounded(all: Map<string, Atom>): Values {
  const texts = [...all.values()].filter(isTextual)
  if (texts.length <= MOST_TEXTS && all.size <= MOST) return all
  const kept = [...all.values()].filter((atom) => !isTextual(atom)).slice(0, MOST)
  return new Map([...kept, MANY].map((atom) => [atom.id, atom]))
}

/** What each may become, all together. */
export function mapValues(values: Values, change: (atom: Atom) => Values): Values {
  let all: Values = NOTHING
  for (const atom of values.values()) all = join(all, change(atom))
  return all
}

export function without(values: Values, drop: (atom: Atom) => boolean): Values {
  let dropped = false
  const kept = new Map<string, Atom>()
  for (const [id, atom] of values) {
    if (drop(atom)) dropped = true
    else kept.set(id, atom)
  }
  return dropped ? kept : values
}

export const isKnown = (atom: Atom): atom is Known => atom.kind === 'known'

export const isAbsent = (atom: Atom): boolean =>
  atom.kind === 'known' && (atom.value === undefined || atom.value === null)

/** Not set, as far as the model of the app says. */
export const isUnset = (atom: Atom): boolean =>
  isAbsent(atom) || (atom.kind === 'unknown' && atom.origin === 'environment')

export const hasUnknown = (values: Values): boolean => [...values.values()].some(({ kind }) => kind === 'unknown')

/** The texts that a value may be; undefined among them: one that is not known. */
export function textsOf(values: Values): (string | undefined)[] {
  const found: (string | undefined)[] = []
  for (const atom of values.values()) {
    if (atom.kind === 'known') {
      if (atom.value !== undefined && atom.value !== null) found.push(String(atom.value))
    } else found.push(undefined)
  }
  return [...new Set(found)]
}

/** The texts that are known. */
export const knownTexts = (values: Values): string[] => textsOf(values).filter((one) => one !== undefined)

/** The one primitive that a value certainly is. */
export function certain(values: Values): Known | undefined {
  const [only] = values.values()
  return values.size === 1 && only !== undefined && only.kind === 'known' ? only : undefined
}

/** Whether a condition certainly holds, or certainly does not. */
export function truth(values: Values): boolean | undefined {
  let found: boolean | undefined
  for (const atom of values.values()) {
    if (atom.kind === 'unknown' || atom.kind === 'text') return undefined
    const holds = atom.kind === 'known' ? Boolean(atom.value) : true
    if (found !== undefined && found !== holds) return undefined
    found = holds
  }
  return found
}

const MOST_COMBINATIONS = 64

/** Texts put together, every combination of them. */
export function concatenate(parts: readonly Values[]): Values {
  let all: (readonly (string | undefined)[])[] = [[]]
  for (const part of parts) {
    if (part.size === 0) return NOTHING
    const choices = [...part.values()].map(partsOf)
    if (all.length * choices.length > MOST_COMBINATIONS) all = all.slice(0, 1).map(() => [undefined])
    else all = all.flatMap((before) => choices.map((choice) => [...before, ...choice]))
  }
  return joinAll(all.map((one) => just(text(one))))
}

function partsOf(atom: Atom): readonly (string | undefined)[] {
  if (atom.kind === 'known') return [String(atom.value)]
  return atom.kind === 'text' ? atom.parts : [undefined]
}

/** Applies a function of JavaScript's own to all that is known; the rest is not known afterwards. */
export function compute(inputs: readonly Values[], operate: (...given: Primitive[]) => Primitive): Values {
  let all: Primitive[][] = [[]]
  for (const input of inputs) {
    if (input.size === 0) return NOTHING
    const atoms = [...input.values()]
    if (!atoms.every(isKnown) || all.length * atoms.length > MOST_COMBINATIONS) return just(ANYWHERE)
    all = all.flatMap((before) => atoms.filter(isKnown).map(({ value }) => [...before, value]))
  }
  try {
    return joinAll(all.map((given) => just(known(operate(...given)))))
  } catch {
    return just(ANYWHERE)
  }
}
