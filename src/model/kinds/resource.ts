// Resources in CloudFormation's own words.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedResource } from '../describe.ts'
import type { Target } from '../names.ts'
import { isObject, type Rules, show } from '../options.ts'
import type { RawResourceModel } from '../resources.ts'

const TYPE = /^(AWS|Alexa|Custom)::[A-Za-z0-9]+(::[A-Za-z0-9]+)*$/

export const rawResource = {
  rules: (): Rules => ({
    // The factory puts them here; whatever they hold is CloudFormation's to check.
    properties: (value) =>
      isObject(value) && value.$ === undefined
        ? undefined
        : { problem: `is ${show(value)}`, mend: 'It is an object of properties, as CloudFormation documents them.' },
  }),
  read: (described: DescribedResource, _target: Target): { made: RawResourceModel; complaints: Complaint[] } => {
    const { name: type, options, where } = described
    const name = described.export
    const made: RawResourceModel = {
      kind: 'resource',
      export: name,
      name,
      physicalName: name,
      existing: false,
      type,
      properties: isObject(options.properties) ? options.properties : {},
      where,
    }
    if (TYPE.test(type)) return { made, complaints: [] }
    const allowed = 'It reads like AWS::SES::EmailIdentity.'
    const details = { what: `the resource ${name}`, name: type, problem: 'is no type of CloudFormation', allowed }
    return { made, complaints: [complaint('GOBLET_BAD_NAME', details, where)] }
  },
}
