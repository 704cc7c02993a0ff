// Secrets of Secrets Manager.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedResource, Options } from '../describe.ts'
import type { Target } from '../names.ts'
import { isObject, numberOf, objectOf, type Rule, type Rules, show, text, textOf, whole } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import type { GeneratedSecretModel, SecretModel } from '../resources.ts'

const MEND = "It is true, or { length: 32, exclude: '\"@/', key: 'password', template: { username: 'admin' } }."

const template: Rule = (value) =>
  isObject(value) && Object.values(value).every((one) => typeof one === 'string')
    ? undefined
    : { problem: `is ${show(value)}`, mend: 'It is an object of texts.' }

// Source: GenerateSecretString of AWS::SecretsManager::Secret.
const PARTS: Rules = { length: whole(1, 4096, 'characters'), exclude: text, key: text, template }

const generate: Rule = (value) => {
  if (typeof value === 'boolean') return undefined
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend: MEND }
  for (const [name, part] of Object.entries(value)) {
    const known = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined
    const wrong = known === undefined ? { problem: 'is none of its parts', mend: MEND } : known(part)
    if (wrong !== undefined) return { problem: `has \`${name}\`, which ${wrong.problem}`, mend: wrong.mend }
  }
  return value.template !== undefined && value.key === undefined
    ? { problem: 'has a template without a key for the password', mend: MEND }
    : undefined
}

const RULES = {
  ...PLACEMENT_RULES,
  description: text,
  generate,
  local: text,
  ttl: whole(0, 86_400, 'seconds'),
} satisfies Rules

export const secretResource = {
  rules: (): Rules => RULES,
  read: (described: DescribedResource, target: Target): { made: SecretModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const place = placed('secret', described, target)
    const made: SecretModel = {
      kind: 'secret',
      export: described.export,
      name,
      ...place,
      description: textOf(options, 'description', ''),
      generate: generatedOf(options),
      local: typeof options.local === 'string' ? options.local : undefined,
      where,
    }
    const complaints = checkPlaced('secret', described, target)
    if (place.existing && made.generate !== undefined) {
      const details = { option: 'generate', what: `the secret ${name}`, problem: 'stands beside `existing`' }
      const mend = 'What is there already has its value: leave it out, or give `local` for the local cloud.'
      complaints.push(complaint('GOBLET_BAD_OPTION', { ...details, mend }, where))
    }
    return { made, complaints }
  },
}

function generatedOf(options: Options): GeneratedSecretModel | undefined {
  if (options.generate === undefined || options.generate === false) return undefined
  const given = objectOf(options, 'generate')
  const texts = Object.entries(objectOf(given, 'template')).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  return {
    length: numberOf(given, 'length', 32),
    exclude: textOf(given, 'exclude', ''),
    key: typeof given.key === 'string' ? given.key : undefined,
    template: Object.fromEntries(texts),
  }
}
