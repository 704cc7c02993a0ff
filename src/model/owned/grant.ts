// How Goblet's own needs are written down as grants.
import type { Where } from '../../errors.ts'
import type { ArnPlace } from '../arns.ts'
import type { DestinationModel, ResourceModel } from '../resources.ts'

export interface Need {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly why: string
  /** The declaration that it follows from. */
  readonly where: Where
}

/** The app, as far as grants need it. */
export interface Owning {
  readonly place: ArnPlace
  /** The ARN of what is declared under a name, of a WebSocket API that of sending to its connections; undefined of what is not there. */
  arnOf(kind: ResourceModel['kind'] | DestinationModel['kind'], name: string): string | undefined
}

/** One need, where its resource is there: what is missing has been complained of. */
export const need = (
  where: Where,
  why: string,
  actions: readonly string[],
  ...resources: readonly (string | undefined)[]
): Need[] => {
  const known = resources.filter((one) => one !== undefined)
  return known.length === 0 ? [] : [{ actions, resources: known, why, where }]
}
