// Resources in CloudFormation's own words.
import type { RawResourceModel } from '../../model/index.ts'
import { resourceId } from '../ids.ts'
import type { Making } from '../template/making.ts'
import { wovenProperties } from '../template/weave.ts'
import type { Part } from '../template.ts'

export const rawResource = (resource: RawResourceModel, making: Making): Part => ({
  [resourceId('resource', resource.name)]: { Type: resource.type, Properties: wovenProperties(resource, making) },
})
