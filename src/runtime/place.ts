// Where the app's own things live: their names, ARNs and URLs, from the few variables every Goblet function is given.

const known = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: this code runs outside a Goblet function.`)
  return value
}

export const region = (): string => known('AWS_REGION')
export const account = (): string => known('GOBLET_ACCOUNT')

/** `<app>-<stage>-<name>`. */
export const prefixed = (name: string): string => known('GOBLET_PREFIX') + name

/** AWS's partition: ARNs and host names differ in China and GovCloud. */
export const partition = (): { name: string; domain: string } => {
  const at = region()
  if (at.startsWith('cn-')) return { name: 'aws-cn', domain: 'amazonaws.com.cn' }
  return { name: at.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', domain: 'amazonaws.com' }
}

/** The base URL of a service: the configured one, or AWS's own. */
export const endpoint = (service: string): string =>
  process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
  process.env.AWS_ENDPOINT_URL ??
  `https://${service}.${region()}.${partition().domain}`

/**
 * Where a WebSocket API's connections are managed, as the build's model names the variable: only AWS knows the API's id, and
 * CloudFormation tells the address that clients connect to (`wss:`).
 */
export const websocketEndpoint = (name: string): string =>
  known(`GOBLET_WEBSOCKET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`).replace(/^ws/, 'http')

/** Which name a resource has on AWS, and whether Goblet made it. */
export interface Placement {
  /** It is already there: the given name is the name on AWS. */
  existing?: boolean
  /** The exact name on AWS, instead of `<app>-<stage>-<name>`. A FIFO queue's ends with `.fifo`. */
  physicalName?: string
}

/** The name in an ARN, or undefined for what is no ARN. A parameter whose name is a path begins with its slash. */
export function arnName(text: string): string | undefined {
  if (!text.startsWith('arn:')) return undefined
  const last = text.slice(text.lastIndexOf(':') + 1)
  if (/^parameter\/[^/]+\//.test(last)) return last.slice('parameter'.length)
  return last.replace(/^(?:table|stream|event-bus|parameter)\//, '')
}

/** The ARN of a resource: what was given, where that is one, or else one of this account's. */
export const arnOf = (given: string, service: string, resource: string): string =>
  given.startsWith('arn:') ? given : `arn:${partition().name}:${service}:${region()}:${account()}:${resource}`

/** The name on AWS of a resource declared as `name`; `suffix` as its kind demands. */
export const placed = (name: string, options: Placement, suffix = ''): string =>
  options.physicalName ?? arnName(name) ?? (options.existing === true ? name : prefixed(name) + suffix)
