// Buckets, and the functions that they tell of changes.
import type { Complaint } from '../../errors.ts'
import { checkEvents, toEvent } from '../bucket-events.ts'
import { corsOf, corsRules, lifecycleOf, lifecycleRules } from '../bucket-rules.ts'
import type { DescribedFunction, DescribedResource } from '../describe.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { BucketTriggerModel } from '../model.ts'
import type { Target } from '../names.ts'
import { flag, flagOf, type Rules, text, textOf, textsOf } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import { called } from '../reading.ts'
import type { BucketModel } from '../resources.ts'

const BUCKET_RULES = {
  ...PLACEMENT_RULES,
  versioned: flag,
  cors: corsRules,
  lifecycle: lifecycleRules,
  public: flag,
} satisfies Rules

const TRIGGER_RULES = {
  ...FUNCTION_RULES,
  prefix: text,
  suffix: text,
  // The factory puts them here; they are checked by name below.
  events: () => undefined,
} satisfies Rules

export const bucket = {
  rules: () => TRIGGER_RULES,
  owner: ownFunction,
  read: (described: DescribedFunction, name: string): { triggers: BucketTriggerModel[]; complaints: Complaint[] } => {
    const { options, where, source } = described
    const asked = textsOf(options, 'events')
    const trigger: BucketTriggerModel = {
      kind: 'bucket',
      function: name,
      bucket: source?.name ?? '',
      events: [...new Set(asked.map(toEvent))],
      prefix: textOf(options, 'prefix', ''),
      suffix: textOf(options, 'suffix', ''),
      where,
    }
    return { triggers: [trigger], complaints: checkEvents(asked, called(described), where) }
  },
}

export const bucketResource = {
  rules: (): Rules => BUCKET_RULES,
  read: (described: DescribedResource, target: Target): { made: BucketModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const place = placed('bucket', described, target)
    const made: BucketModel = {
      kind: 'bucket',
      export: described.export,
      name,
      ...place,
      versioned: flagOf(options, 'versioned'),
      cors: corsOf(options),
      lifecycle: lifecycleOf(options),
      public: flagOf(options, 'public'),
      where,
    }
    return { made, complaints: checkPlaced('bucket', described, target) }
  },
}
