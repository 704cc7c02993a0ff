// Descriptions of apps written by hand, as build would read them, and the models made of them.
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { type Complaint, GobletError } from '../../src/errors.ts'
import {
  type DescribedFunction,
  type DescribedGroup,
  type Description,
  defineModel,
  type HttpTriggerModel,
  type Model,
  type Options,
} from '../../src/model/index.ts'

let line = 0
const where = () => ({ file: 'app.ts', line: ++line })

/** A route; `name` is its export, dotted where it is in groups. */
export function aRoute(name: string, subject: string, options: Options = {}): DescribedFunction {
  const path = name.split('.')
  const groups = path.slice(1).map((_, index) => path.slice(0, index + 1).join('.'))
  return { role: 'function', trigger: 'http', export: name, subject, groups, options, where: where() }
}

export const aGroup = (name: string, prefix: string, options: Options = {}): DescribedGroup => ({
  role: 'group',
  export: name,
  prefix,
  options,
  where: where(),
})

export const anAuthorizer = (name: string, options: Options = {}): DescribedFunction => ({
  role: 'function',
  trigger: 'authorizer',
  export: name,
  subject: '',
  options,
  where: where(),
})

export const refer = (name: string): Options => ({ $: 'reference', kind: 'function', name })

export interface Parts {
  readonly app?: Options
  readonly functions?: readonly DescribedFunction[]
  readonly groups?: readonly DescribedGroup[]
  readonly stage?: string
}

/** The model of an app `shop`. */
export function modelOf({ app = {}, functions = [], groups = [], stage = 'dev' }: Parts): Model {
  const description: Description = {
    entry: 'app.ts',
    app: { role: 'app', name: 'shop', where: where(), options: app },
    functions,
    groups,
    resources: [],
    subscriptions: [],
  }
  const place = { stage, account: '000000000000', region: 'us-east-1' }
  return defineModel(description, place, GRAMMAR)
}

export const routesOf = ({ triggers }: Model): HttpTriggerModel[] => triggers.filter((one) => one.kind === 'http')

/** What is wrong with an app; throws when nothing is. */
export function wrongWith(parts: Parts): readonly Complaint[] {
  try {
    modelOf(parts)
  } catch (error) {
    if (error instanceof GobletError) return error.complaints
    throw error
  }
  throw new Error('Nothing was wrong.')
}
