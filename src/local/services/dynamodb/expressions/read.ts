// The expressions of a request: parsed (once for a text), checked against its names and values.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import { isObject } from '../../../../aws/protocol/json.ts'
import type { Layer } from '../decimal.ts'
import { invalid } from '../problems.ts'
import { readValue } from '../value-check.ts'
import type { AttributeType, AttributeValue, Item } from '../values.ts'
import { applyUpdate } from './apply.ts'
import { holds } from './evaluate.ts'
import { checkConditionForm, checkProjectionForm, checkUpdateForm } from './form.ts'
import { checkCondition, checkProjection, checkUpdate, typeOfAction } from './operand-types.ts'
import { parseCondition, parseProjection, parseUpdate } from './parse.ts'
import { inJavaOrder, type Place, Placeholders } from './placeholders.ts'
import { placesOfAction, placesOfCondition } from './places.ts'
import { ExpressionProblem } from './problem.ts'
import { project } from './project.ts'
import type { Condition, Projection, Update } from './tree.ts'

const LONGEST = 4096

/** The names and values of a request, for all its expressions. */
export function readPlaceholders(input: JsonObject, layer: Layer): Placeholders {
  return new Placeholders(readNames(input.ExpressionAttributeNames), readValues(input.ExpressionAttributeValues, layer))
}

function readNames(raw: unknown): Map<string, string> {
  const names = new Map<string, string>()
  if (!isObject(raw)) return names
  checkKeys('ExpressionAttributeNames', Object.keys(raw), /^#[0-9a-zA-Z_]+$/)
  for (const key of Object.keys(raw)) {
    const name = String(raw[key] ?? '')
    if (name === '')
      throw invalid(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`)
    names.set(key, name)
  }
  return names
}

function readValues(raw: unknown, layer: Layer): Map<string, AttributeValue> {
  const values = new Map<string, AttributeValue>()
  if (!isObject(raw)) return values
  const keys = Object.keys(raw)
  checkKeys('ExpressionAttributeValues', keys, /^:[0-9a-zA-Z_]+$/)
  for (const key of keys.length === 1 ? keys : inJavaOrder(keys, keys.length)) {
    try {
      values.set(key, readValue(raw[key], layer))
    } catch (problem) {
      if (layer === 'current' || !(problem instanceof Error)) throw problem
      throw invalid(`ExpressionAttributeValues contains invalid value: ${problem.message} for key ${key}`)
    }
  }
  return values
}

function checkKeys(parameter: string, keys: readonly string[], shape: RegExp): void {
  if (keys.length === 0) throw invalid(`${parameter} must not be empty`)
  for (const key of keys) {
    if (key.length > 255)
      throw invalid(
        `${parameter} contains invalid key: The expression attribute map contains a key that is too long; size of key: ${Buffer.byteLength(key)}`,
      )
    if (!shape.test(key)) throw invalid(`${parameter} contains invalid key: Syntax error; key: "${key}"`)
  }
}

/** A parsed kind of expression, and how it is checked against what is given. */
class Grammar<Tree> {
  readonly #trees = new Map<string, Tree>()
  readonly #parse: (text: string) => Tree
  readonly #check: (tree: Tree, given: Placeholders) => void

  constructor(
    parse: (text: string) => Tree,
    form: (tree: Tree) => void,
    check: (tree: Tree, given: Placeholders) => void,
  ) {
    this.#parse = (text) => {
      const tree = parse(text)
      form(tree)
      return tree
    }
    this.#check = check
  }

  /** Refuses in the name of `parameter`. */
  read(parameter: string, text: string, given: Placeholders): Tree {
    try {
      const tree = this.#trees.get(text) ?? this.#learn(text)
      this.#check(tree, given)
      return tree
    } catch (problem) {
      if (problem instanceof ExpressionProblem) throw invalid(`Invalid ${parameter}: ${problem.message}`)
      throw problem
    }
  }

  #learn(text: string): Tree {
    if (text === '') throw new ExpressionProblem('The expression can not be empty;')
    const size = Buffer.byteLength(text)
    if (size > LONGEST)
      throw new ExpressionProblem(`Expression size has exceeded the maximum allowed size; expression size: ${size}`)
    const tree = this.#parse(text)
    // A program has few texts; one that writes its values into them must not fill the memory.
    if (this.#trees.size >= MOST_KNOWN) this.#trees.clear()
    this.#trees.set(text, tree)
    return tree
  }
}

const MOST_KNOWN = 500
const conditions = new Grammar(parseCondition, checkConditionForm, checkCondition)
const updates = new Grammar(parseUpdate, checkUpdateForm, checkUpdate)
const projections = new Grammar(parseProjection, checkProjectionForm, checkProjection)

/** A condition ready to be asked. */
export interface ReadCondition {
  readonly tree: Condition
  /** Every place it speaks of. */
  readonly places: readonly Place[]
  holds(item: Item): boolean
}

export interface ReadProjection {
  readonly places: readonly Place[]
  of(item: Item): Item
}

export interface ReadUpdate {
  /** What it writes to, and the type of what it writes where the text and the values alone decide that. */
  readonly writes: readonly { readonly place: Place; readonly type: AttributeType | undefined }[]
  /** Every place it speaks of, those that it reads included. */
  readonly mentioned: readonly Place[]
  apply(item: Item): Item
}

/** `parameter`: ConditionExpression, FilterExpression or KeyConditionExpression. */
export function readCondition(parameter: string, text: string, given: Placeholders): ReadCondition {
  const tree = conditions.read(parameter, text, given)
  return { tree, places: placesOfCondition(tree, given), holds: (item) => holds(tree, item, given) }
}

export function readProjection(text: string, given: Placeholders): ReadProjection {
  const tree: Projection = projections.read('ProjectionExpression', text, given)
  const places = tree.map((path) => given.place(path))
  return { places, of: (item) => project(item, places) }
}

export function readUpdate(text: string, given: Placeholders): ReadUpdate {
  const tree: Update = updates.read('UpdateExpression', text, given)
  return {
    writes: tree.flat().map((action) => ({ place: given.place(action.path), type: typeOfAction(action, given) })),
    mentioned: tree.flat().flatMap((action) => placesOfAction(action, given)),
    apply: (item) => applyUpdate(tree, item, given),
  }
}
