// Authorizers: functions that the gateway asks who may pass.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedFunction, Options } from '../describe.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { AuthorizerStyle, AuthorizerTriggerModel } from '../model.ts'
import { numberOf, oneOf, type Rule, type Rules, show, textOf, textsOf, whole } from '../options.ts'

// A header of HTTP, or one of API Gateway's selection expressions.
const identity: Rule = (value) => {
  const sources = Array.isArray(value) ? value : [value]
  const bad = sources.find((one) => typeof one !== 'string' || !SOURCE.test(one))
  if (bad === undefined && sources.length > 0) return undefined
  return {
    problem: `has the source ${show(bad ?? null)}`,
    mend: "A source reads like '$request.header.authorization', '$request.querystring.token', '$context.httpMethod' or '$stageVariables.name'.",
  }
}

// Source: "Work with AWS Lambda authorizers for HTTP APIs", identity sources.
const SOURCE = /^\$(?:request\.(?:header|querystring)|context|stageVariables)\.[A-Za-z0-9_.-]+$/

const header: Rule = (value) =>
  typeof value === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: "It is a header's name: 'authorization'." }

const RULES = {
  ...FUNCTION_RULES,
  style: oneOf('token', 'request'),
  header,
  identity,
  // Source: CreateAuthorizer, authorizerResultTtlInSeconds.
  ttl: whole(0, 3600, 'seconds'),
} satisfies Rules

export const authorizer = {
  rules: () => RULES,
  owner: ownFunction,
  read: (
    described: DescribedFunction,
    name: string,
  ): { triggers: AuthorizerTriggerModel[]; complaints: Complaint[] } => {
    const { options, where } = described
    const complaints: Complaint[] = []
    if (options.style === 'token' && options.identity !== undefined) {
      const details = {
        option: 'identity',
        what: `the authorizer ${described.export}`,
        problem: 'goes with request style, and this one has token style',
        mend: 'Name the one `header` that holds the token, or choose `style: "request"`.',
      }
      complaints.push(complaint('GOBLET_BAD_OPTION', details, where))
    }
    return { triggers: [{ kind: 'authorizer', function: name, ...settled(options), where }], complaints }
  },
}

/** How an authorizer is asked, every default spelled out. */
export function settled(options: Options): Pick<AuthorizerTriggerModel, 'style' | 'header' | 'identity' | 'ttl'> {
  const named = textOf(options, 'header', 'authorization').toLowerCase()
  const sources = textsOf(options, 'identity')
  const style: AuthorizerStyle =
    options.style === 'request' || options.style === 'token' ? options.style : sources.length > 0 ? 'request' : 'token'
  return {
    style,
    header: named,
    identity: style === 'token' ? [] : sources.length > 0 ? sources : [`$request.header.${named}`],
    ttl: numberOf(options, 'ttl', 300),
  }
}
