// Holds every call that a function makes of AWS against what the function may do, and notes what it did.

import { type Context, NO_CONTEXT } from '../../aws/access/evaluate.ts'
import type { Need } from '../../aws/access.ts'
import { type Complaint, complaint, type Where } from '../../errors.ts'
import type { FunctionModel, FunctionPermissions, Grant, Model, Permissions } from '../../model/index.ts'
import type { Clock } from '../clock.ts'
import type { Invoker } from '../invoker.ts'
import type { Journal } from '../journal.ts'
import { roleName } from '../mirror/names.ts'
import type { Asked, WireRequest } from '../service.ts'
import { contextOf } from './context.ts'
import { Needs } from './needs.ts'
import { covers, Policy } from './policy.ts'
import type { Exercised, Recording } from './recording.ts'
import { functionOf, tokenOf } from './token.ts'
import { toWords } from './words.ts'

/** `warn` lets through what nothing grants, and says so once; `off` lets it through. */
export type IamMode = 'enforce' | 'warn' | 'off'

/** A grant, and whose it is. */
export interface FunctionGrant extends Grant {
  readonly function: string
}

export interface AccessReport {
  readonly exercised: readonly Exercised[]
  readonly granted: readonly FunctionGrant[]
  /** What is granted for code or by the app, and was never needed. Never taken away for that. */
  readonly unused: readonly FunctionGrant[]
}

export interface Access {
  /**
   * From now on functions may do this, and what they could do before until the answer is called: so long the old code runs
   * beside the new. Without permissions everything is let through, and nothing noted.
   */
  apply(model: Model, permissions: Permissions | undefined, mode: IamMode): () => void
  /** See `WireRequest.denied`. */
  denied(request: WireRequest, asked: Asked): string | undefined
  report(): AccessReport
  flush(): Promise<void>
}

export interface AccessGround {
  readonly clock: Clock
  readonly journal: Journal
  readonly invoker: Pick<Invoker, 'caller'>
  readonly recording: Recording
}

interface Held {
  readonly made: FunctionModel
  readonly policy: Policy
  readonly permissions: FunctionPermissions
}

export const openAccess = (ground: AccessGround): Access => new FunctionAccess(ground)

class FunctionAccess implements Access {
  readonly #ground: AccessGround
  #held: ReadonlyMap<string, Held> = new Map()
  #former: ReadonlyMap<string, Held> = new Map()
  #model: Model | undefined
  #mode: IamMode = 'off'
  readonly #needs = new Needs()
  /** What was warned of. */
  #told = new Set<string>()

  constructor(ground: AccessGround) {
    this.#ground = ground
  }

  apply(model: Model, permissions: Permissions | undefined, mode: IamMode): () => void {
    const held = new Map<string, Held>()
    for (const made of model.functions) {
      const own = permissions?.get(made.name)
      // What a role can do that was made elsewhere, nobody here knows.
      if (own !== undefined && made.role === undefined)
        held.set(made.name, { made, policy: new Policy(own.grants), permissions: own })
    }
    this.#former = this.#held
    this.#held = held
    this.#model = model
    this.#mode = mode
    this.#told = new Set()
    return () => {
      if (this.#held === held) this.#former = new Map()
    }
  }

  denied(request: WireRequest, asked: Asked): string | undefined {
    if (this.#held.size === 0) return undefined
    const token = asked.token ?? tokenOf(request)
    const held = token === '' ? undefined : this.#held.get(functionOf(token) ?? '')
    if (held === undefined) return undefined
    for (const need of this.#needs.of(asked)) {
      for (const resource of need.resources) {
        const words = this.#check({ held, token, request, asked, need, resource })
        if (words !== undefined) return words
      }
    }
    return undefined
  }

  #check(call: Call): string | undefined {
    const { held, need, resource, request, asked } = call
    const { made, policy } = held
    const { action } = need
    const model = this.#model
    const context = (): Context =>
      model === undefined ? NO_CONTEXT : contextOf({ model, made, request, asked, need, now: this.#ground.clock.now() })
    const decision = policy.decide(action, resource, context)
    const allowed =
      decision === 'allow' || this.#former.get(made.name)?.policy.decide(action, resource, context) === 'allow'
    this.#ground.recording.record(
      { function: made.name, action, resource, allowed },
      () => policy.patternFor(action, resource) ?? '*',
    )
    if (allowed) return undefined
    if (this.#mode !== 'off') this.#tell(call)
    if (this.#mode !== 'enforce') return undefined
    return toWords({ role: roleName(made), session: made.physicalName, action, resource, decision, asked })
  }

  #tell({ held, token, need, resource, asked }: Call): void {
    const { made } = held
    const passed = this.#mode === 'warn'
    const key = `${made.name}\n${need.action}\n${resource}`
    if (passed && this.#told.has(key)) return
    this.#told.add(key)
    const { journal, clock, invoker } = this.#ground
    journal.record({
      kind: 'denied',
      time: clock.now(),
      function: made.name,
      requestId: invoker.caller(token)?.requestId ?? '',
      passed,
      action: need.action,
      resource,
      complaint: toComplaint(held, need, resource, asked.why),
    })
  }

  report(): AccessReport {
    // What was done under other grants is held against those of now.
    const exercised = this.#ground.recording.all().flatMap((one): Exercised[] => {
      const held = this.#held.get(one.function)
      const allowed = held?.policy.patternFor(one.action, one.resource) !== undefined
      return held === undefined ? [] : [{ ...one, allowed }]
    })
    const granted = [...this.#held].flatMap(([name, { policy }]) =>
      policy.grants.map((grant): FunctionGrant => ({ function: name, ...grant })),
    )
    const isUsed = (grant: FunctionGrant): boolean =>
      exercised.some((one) => one.function === grant.function && one.allowed && covers(grant, one.action, one.resource))
    return { exercised, granted, unused: granted.filter((grant) => grant.by !== 'goblet' && !isUsed(grant)) }
  }

  flush(): Promise<void> {
    return this.#ground.recording.flush()
  }
}

interface Call {
  readonly held: Held
  readonly token: string
  readonly request: WireRequest
  readonly asked: Asked
  readonly need: Need
  readonly resource: string
}

function toComplaint({ made, policy, permissions }: Held, { action }: Need, resource: string, why = ''): Complaint {
  const near = policy.grants.filter((grant) => grant.action.toLowerCase() === action.toLowerCase())
  const unresolved = [...permissions.errors, ...permissions.warnings]
  const clues = [
    ...(why === '' ? [] : [why]),
    ...near.slice(0, 3).map((grant) => `It has ${action} on ${grant.resource}${toPlace(grant.chain.at(-1))}.`),
    ...unresolved.slice(0, 3).map(({ message, where }) => `${message}${toPlace(where)}`),
  ]
  return complaint('GOBLET_DENIED', { name: made.name, action, resource, clues }, made.where)
}

const toPlace = (where: Where | undefined): string => (where === undefined ? '' : ` (${where.file}:${where.line})`)
