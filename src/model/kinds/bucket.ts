// Buckets.
import type { Complaint } from '../../errors.ts'
import type { DescribedResource } from '../describe.ts'
import type { BucketModel } from '../model.ts'
import type { Target } from '../names.ts'
import type { Rules } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'

export const bucketResource = {
  rules: (): Rules => PLACEMENT_RULES,
  read: (described: DescribedResource, target: Target): { made: BucketModel; complaints: Complaint[] } => {
    const { name, where } = described
    const place = placed('bucket', described, target)
    const made: BucketModel = { kind: 'bucket', export: described.export, name, ...place, where }
    return { made, complaints: checkPlaced('bucket', described, target) }
  },
}
