// What one function may do: its grants as a policy, and the decisions that were made by it.
import { type Context, type Decision, evaluate, isLike, readPolicy, type Statement } from '../../aws/access/evaluate.ts'
import type { Grant } from '../../model/index.ts'

// A function that reads a million objects must not be remembered object by object.
const MOST_DECISIONS = 4096

export class Policy {
  readonly grants: readonly Grant[]
  /** Grants by their action in lower case; those of several actions are apart. */
  readonly #single = new Map<string, Read[]>()
  readonly #wide: Read[] = []
  readonly #decisions = new Map<string, Decision>()
  readonly #conditional: boolean

  constructor(grants: readonly Grant[]) {
    this.grants = grants
    this.#conditional = grants.some(({ conditions }) => conditions !== undefined)
    for (const grant of grants) {
      const read = { grant, statements: toStatements(grant) }
      const action = grant.action.toLowerCase()
      if (/[*?]/.test(action)) this.#wide.push(read)
      else this.#single.set(action, [...(this.#single.get(action) ?? []), read])
    }
  }

  decide(action: string, resource: string, context: () => Context): Decision {
    const key = `${action}\n${resource}`
    const known = this.#decisions.get(key)
    if (known !== undefined) return known
    const statements = this.#readsOf(action).flatMap((read) => read.statements)
    const asked = { action, resource }
    if (this.#conditional) return evaluate(statements, { ...asked, context: context() })
    const decision = evaluate(statements, asked)
    if (this.#decisions.size >= MOST_DECISIONS) this.#decisions.clear()
    this.#decisions.set(key, decision)
    return decision
  }

  /** The pattern that allows this, if only under conditions. */
  patternFor(action: string, resource: string): string | undefined {
    const called = { action, resource }
    const unconditional = (read: Read): boolean => evaluate(read.statements, called) === 'allow'
    return this.#readsOf(action).find((read) => read.grant.conditions !== undefined || unconditional(read))?.grant
      .resource
  }

  #readsOf(action: string): readonly Read[] {
    const single = this.#single.get(action.toLowerCase()) ?? []
    return this.#wide.length === 0 ? single : [...single, ...this.#wide]
  }
}

interface Read {
  readonly grant: Grant
  readonly statements: readonly Statement[]
}

// What a grant says is a pattern and nothing else: a `$` in the name of a resource is no variable.
function toStatements({ action, resource, conditions }: Grant): readonly Statement[] {
  const statement = { Effect: 'Allow', Action: action, Resource: resource, Condition: conditions ?? {} }
  return readPolicy({ Version: '2008-10-17', Statement: statement }) ?? []
}

/** Whether a grant is one for this. */
export const covers = (grant: Grant, action: string, resource: string): boolean =>
  isLike(action.toLowerCase(), grant.action.toLowerCase()) && isLike(resource, grant.resource)
