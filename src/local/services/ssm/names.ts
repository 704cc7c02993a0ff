// Names of parameters: what they may be, and the version or label that a request may add.
import { constraint } from '../../../aws/protocol/members.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import type { Reader } from '../../store.ts'
import { invalid, noLabel, notFound, noVersion, tooDeep } from './problems.ts'
import { readParameter, readVersion, type Version, versionsOf } from './state.ts'

const FORM =
  'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_'

/** Refuses what AWS would not create. */
export function checkName(name: string): void {
  if (name.length === 0) throw constraint(name, 'name', 'Member must have length greater than or equal to 1')
  const reserved = /^\/?(aws|ssm)/i.exec(name)?.[1]
  if (reserved?.toLowerCase() === 'aws' && name.startsWith('/'))
    throw new ServiceError('AccessDeniedException', `No access to reserved parameter name: ${name}.`)
  if (reserved !== undefined)
    throw invalid(`Parameter name: can't be prefixed with "${reserved.toLowerCase()}" (case-insensitive). ${FORM}`)
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name) || /\/\/|\/$/.test(name))
    throw invalid(
      `Invalid parameter name. Please use correct syntax for referencing a version/label <name>:<version/label>`,
    )
  if (name.includes('/') && !name.startsWith('/')) throw invalid('Parameter name must be a fully qualified name.')
  if (name.split('/').length - 1 > 15) throw tooDeep()
  if (name.length > 1011) throw invalid('Parameter name is too long.')
}

const OWN = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter`

export interface Asked {
  readonly name: string
  /** A version's number or a label, as the request has it behind a colon. */
  readonly selector: string | undefined
}

/** Reads a name, an ARN, and what may stand behind either. */
export function readAsked(given: string, reader: Reader): Asked {
  const bare = given.startsWith(`${OWN}/`) ? given.slice(OWN.length) : given
  const colon = bare.indexOf(':')
  const name = colon < 0 ? bare : bare.slice(0, colon)
  const selector = colon < 0 ? undefined : bare.slice(colon + 1)
  if (given === bare) return { name, selector }
  // An ARN does not say whether the name begins with a slash.
  return { name: readParameter(reader, name.slice(1)) === undefined ? name : name.slice(1), selector }
}

/** The version a request asks for: the newest, or the one it names. */
export function findVersion(reader: Reader, { name, selector }: Asked): Version {
  const found = readParameter(reader, name)
  if (found === undefined) throw notFound()
  if (selector === undefined || selector === '') {
    const newest = readVersion(reader, name, found.version)
    if (newest === undefined) throw notFound()
    return newest
  }
  if (/^\d+$/.test(selector)) {
    const version = readVersion(reader, name, Number(selector))
    if (version === undefined) throw noVersion(`version ${selector}`, name)
    return version
  }
  const labelled = versionsOf(reader, name).find(({ labels }) => labels.includes(selector))
  if (labelled === undefined) throw noLabel(selector, name)
  return labelled
}
