// What one function may do: its grants as a policy, and the decisions that were made by it.
import { type Context, type Decision, evaluate, isLike, readPolicy, type Statement } from '../../aws/access/evaluate.ts'
import type { Grant } from '../../model/index.ts'

// A function that reads a million objects must not be remembered object by object.
const MOST_DECISIONS = 4096

export class Policy {
  readonly grants: readonly Grant[]
  /** Statements by their action in lower case; those of several actions are apart. */
  readonly #single = new Map<string, Statement[]>()
  readonly #wide: Statement[] = []
  readonly #decisions = new Map<string, Decision>()
  readonly #conditional: boolean

  constructor(grants: readonly Grant[]) {
    this.grants = grants
    this.#conditional = grants.some(({ conditions }) => conditions !== undefined)
    for (const grant of grants) {
      const statements = toStatements(grant)
      const action = grant.action.toLowerCase()
      if (/[*?]/.test(action)) this.#wide.push(...statements)
      else this.#single.set(action, [...(this.#single.get(action) ?? []), ...statements])
    }
  }

  decide(action: string, resource: string, context: () => Context): Decision {
    const key = `${action}\n${resource}`
    const known = this.#decisions.get(key)
    if (known !== undefined) return known
    const statements = [...(this.#single.get(action.toLowerCase()) ?? []), ...this.#wide]
    const asked = { action, resource }
    if (this.#conditional) return evaluate(statements, { ...asked, context: context() })
    const decision = evaluate(statements, asked)
    if (this.#decisions.size >= MOST_DECISIONS) this.#decisions.clear()
    this.#decisions.set(key, decision)
    return decision
  }
}

// What a grant says is a pattern and nothing else: a `$` in the name of a resource is no variable.
function toStatements({ action, resource, conditions }: Grant): readonly Statement[] {
  const statement = { Effect: 'Allow', Action: action, Resource: resource, Condition: conditions ?? {} }
  return readPolicy({ Version: '2008-10-17', Statement: statement }) ?? []
}

/** Whether a grant is one for this. */
export const covers = (grant: Grant, action: string, resource: string): boolean =>
  isLike(action.toLowerCase(), grant.action.toLowerCase()) && isLike(resource, grant.resource)
