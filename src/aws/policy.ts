// The ARNs of API calls, which authorizers' policies are about.

/** The action of calling a route. */
export const INVOKE = 'execute-api:Invoke'

/** What a method ARN is made of. */
export interface RouteArn {
  readonly region: string
  readonly account: string
  readonly api: string
  readonly stage: string
  readonly method: string
  /** As sent, beginning with a slash, without the stage. */
  readonly path: string
}

/** `arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/GET/pets/1`: what an authorizer is asked about. */
export function toRouteArn({ region, account, api, stage, method, path }: RouteArn): string {
  return `arn:aws:execute-api:${region}:${account}:${api}/${stage}/${method}${path}`
}

/** The part of a method ARN that all routes of its stage share, its method and its path. */
export function splitRouteArn(arn: string): { readonly stage: string; readonly method: string; readonly path: string } {
  const [api = '', stage = '', method = '', ...rest] = arn.split('/')
  return { stage: `${api}/${stage}`, method, path: `/${rest.join('/')}` }
}
