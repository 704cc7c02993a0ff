// The ARNs of those who are told how something ended.
import type { DestinationModel } from '../../model/index.ts'
import type { Value } from '../template.ts'
import { aliasArn, arnOf, type Making } from './making.ts'

export const destinationArn = ({ kind, name }: DestinationModel, making: Making): Value =>
  kind === 'function' ? aliasArn(name) : arnOf(kind, name, making)
