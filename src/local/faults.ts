// What a client hears when a service could not do its work: the disk's fault, or a defect of ours.
import { toJsonError } from '../aws/protocol/json.ts'
import { toQueryError } from '../aws/protocol/query.ts'
import { ServiceError } from '../aws/protocol/service-error.ts'
import { writeXml } from '../aws/protocol/xml.ts'
import { isDiskFault } from './disk.ts'
import type { WireRequest, WireResponse } from './service.ts'

/** AWS's own answer to a fault of its own, worded for the client: 5xx, so that SDKs try again. */
export function toFault(request: WireRequest, service: string, error: unknown): WireResponse {
  const { id, method, headers } = request
  const isBusy = isDiskFault(error)
  if (service === 's3') {
    // Source: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    const [status, code, message] = isBusy
      ? [503, 'ServiceUnavailable', 'Service is unable to handle request.']
      : [500, 'InternalError', 'We encountered an internal error. Please try again.']
    const body = writeXml('Error', [
      ['Code', code],
      ['Message', message],
      ['RequestId', id],
    ])
    const head = { 'content-type': 'application/xml', 'x-amz-request-id': id }
    return method === 'HEAD' ? { status, headers: head } : { status, headers: head, body }
  }
  // Source: docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
  const fault = isBusy
    ? new ServiceError('ServiceUnavailable', 'The request has failed due to a temporary failure of the server.', {
        status: 503,
      })
    : new ServiceError('InternalFailure', 'The request processing has failed because of an unknown error.', {
        status: 500,
      })
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  return isForm
    ? toQueryError(fault, `http://${service}.amazonaws.com/doc/`, id)
    : toJsonError(fault, 'com.amazon.coral.service', id, '1.0')
}
