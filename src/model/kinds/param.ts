// Parameters of Systems Manager's Parameter Store.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedResource } from '../describe.ts'
import type { Target } from '../names.ts'
import { oneOf, type Rules, text, textOf, whole } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import type { ParamModel } from '../resources.ts'

const KINDS = ['String', 'StringList', 'SecureString'] as const

const RULES = {
  ...PLACEMENT_RULES,
  description: text,
  type: oneOf(...KINDS),
  value: text,
  local: text,
  ttl: whole(0, 86_400, 'seconds'),
} satisfies Rules

export const paramResource = {
  rules: (): Rules => RULES,
  read: (described: DescribedResource, target: Target): { made: ParamModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const made: ParamModel = {
      kind: 'param',
      export: described.export,
      name,
      ...placed('param', described, target),
      description: textOf(options, 'description', ''),
      type: KINDS.find((one) => one === options.type) ?? 'String',
      value: typeof options.value === 'string' ? options.value : undefined,
      local: typeof options.local === 'string' ? options.local : undefined,
      where,
    }
    return { made, complaints: [...checkPlaced('param', described, target), ...check(made)] }
  },
}

function check({ name, existing, type, value, where }: ParamModel): Complaint[] {
  const bad = (option: string, problem: string, mend: string): Complaint[] => [
    complaint('GOBLET_BAD_OPTION', { option, what: `the parameter ${name}`, problem, mend }, where),
  ]
  const local = 'Leave it out, or give `local` for the local cloud.'
  if (existing && value !== undefined) return bad('value', 'stands beside `existing`', local)
  // Source: AWS::SSM::Parameter takes no SecureString.
  if (type === 'SecureString' && !existing)
    return bad('type', 'is SecureString, which CloudFormation cannot make', 'Make it by hand and say `existing: true`.')
  if (existing || value !== undefined) return []
  return bad('value', 'is missing', "A parameter that the app makes has a value; say `existing: true` for another's.")
}
