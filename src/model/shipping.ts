// `layers`, `external`, `image`: what a function is shipped as, and what is there already when it wakes.
import { type Complaint, complaint, type Where } from '../errors.ts'
import type { Options, Plain } from './describe.ts'
import { listOf, type Rule, type Rules, show, textOf, textsOf } from './options.ts'

/** Source: "Managing Lambda dependencies with layers". */
const MOST_LAYERS = 5

const layer: Rule = (value) =>
  typeof value === 'string' && /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[A-Za-z0-9_-]{1,140}:\d+$/.test(value)
    ? undefined
    : {
        problem: `is ${show(value)}`,
        mend: "A layer's ARN ends with its version: 'arn:aws:lambda:us-east-1:123456789012:layer:tools:3'.",
      }

const layers: Rule = (value) => {
  const wrong = listOf(layer, 'It is a list of ARNs.')(value)
  if (wrong !== undefined) return wrong
  const count = Array.isArray(value) ? value.length : 0
  return count <= MOST_LAYERS ? undefined : { problem: `names ${count}`, mend: `Lambda takes ${MOST_LAYERS} layers.` }
}

const packageName: Rule = (value) =>
  typeof value === 'string' && /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i.test(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: "It is the name of a package: 'sharp', '@scope/name'." }

/** Options that the app may give to all of its functions. */
export const SHIPPING_RULES = {
  layers,
  external: listOf(packageName, "It is a list of packages: ['sharp']."),
} satisfies Rules

/** Source: CreateFunction's ImageUri, which is in ECR. */
export const image: Rule = (value) =>
  typeof value === 'string' &&
  /^\d{12}\.dkr[.-]ecr[a-z.-]*\.[a-z0-9-]+\.[a-z0-9.-]+\/[a-z0-9._/-]+(?::[\w.-]{1,128}|@sha256:[0-9a-f]{64})$/.test(
    value,
  )
    ? undefined
    : {
        problem: `is ${show(value)}`,
        mend: "It names a version in ECR: '123456789012.dkr.ecr.us-east-1.amazonaws.com/thumbs:1' or '…@sha256:…'.",
      }

export interface Shipping {
  /** ARNs, in the order in which they are laid over each other. None where there is an image: that has its own. */
  readonly layers: readonly string[]
  /** Packages that a layer or the image brings: neither bundled nor shipped. */
  readonly external: readonly string[]
  /** The container image that it runs from; undefined: from a zip that is made of the code. */
  readonly image: string | undefined
}

/** What is shipped: a declaration's own layers, or else those of the app; the external packages of both. */
export function toShipping(app: Options, own: Options): Shipping {
  const uri = textOf(own, 'image', '')
  const named = textsOf(own.layers === undefined ? app : own, 'layers')
  return {
    layers: uri === '' ? named : [],
    external: [...new Set([...listed(app.external), ...listed(own.external)])].sort(),
    image: uri === '' ? undefined : uri,
  }
}

const listed = (value: Plain | undefined): string[] =>
  (Array.isArray(value) ? value : []).filter((one: Plain) => typeof one === 'string')

/** Complains of layers for an image. Source: "Create a Lambda function using a container image": it cannot have any. */
export function checkShipping(what: string, own: Options, where: Where): Complaint[] {
  if (own.image === undefined || own.layers === undefined) return []
  const problem = 'stands beside `image`, and a function that runs from an image has no layers'
  const mend = 'Remove one of the two, or put what the layers hold into the image.'
  return [complaint('GOBLET_BAD_OPTION', { option: 'layers', what, problem, mend }, where)]
}
