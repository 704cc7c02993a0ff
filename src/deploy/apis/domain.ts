// Custom domains in the template: the certificate, the name, what it leads to, and its record in Route 53.
import { problem } from '../../errors.ts'
import type { DomainModel } from '../../model/index.ts'
import { logicalId } from '../ids.ts'
import type { Known } from '../making.ts'
import { attribute, type Output, type Part, ref, type TemplateResource } from '../template.ts'

/** The stage of an API. */
export interface Mapped {
  readonly api: string
  readonly stage: string
  /** What has to be there first. */
  readonly stageId: string
}

const nameId = ({ name }: DomainModel): string => logicalId('DomainName', name)
const certificateId = ({ name }: DomainModel): string => logicalId('Certificate', name)

/**
 * What leads from a name to an API of any kind. Names and mappings of the newer kind hold REST APIs too, so that an app that
 * changes its front door keeps its name. Source: "Map API stages to a custom domain name for REST APIs".
 */
export function domainPart(domain: DomainModel, { api, stage, stageId }: Mapped, known: Known): Part {
  return {
    ...(domain.certificate === undefined ? { [certificateId(domain)]: toCertificate(domain, known) } : {}),
    [nameId(domain)]: {
      Type: 'AWS::ApiGatewayV2::DomainName',
      Properties: {
        DomainName: domain.name,
        DomainNameConfigurations: [
          {
            CertificateArn: domain.certificate ?? ref(certificateId(domain)),
            EndpointType: 'REGIONAL',
            // TLS 1.2 and 1.3. Source: "Choose a security policy for your custom domain in API Gateway".
            SecurityPolicy: 'TLS_1_2',
          },
        ],
      },
    },
    [logicalId('DomainMapping', domain.name)]: {
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      Properties: { DomainName: ref(nameId(domain)), ApiId: ref(api), Stage: stage },
      DependsOn: [stageId],
    },
    ...(domain.zone === false ? {} : { [logicalId('DomainRecord', domain.name)]: toRecord(domain, known) }),
  }
}

// CloudFormation puts the record that proves the name into the zone, and waits. Source: AWS::CertificateManager::Certificate.
const toCertificate = (domain: DomainModel, known: Known): TemplateResource => ({
  Type: 'AWS::CertificateManager::Certificate',
  Properties: {
    DomainName: domain.name,
    ValidationMethod: 'DNS',
    DomainValidationOptions: [{ DomainName: domain.name, HostedZoneId: zoneOf(domain, known) }],
  },
})

// Source: "Configure Route 53 to route traffic to an API Gateway endpoint".
const toRecord = (domain: DomainModel, known: Known): TemplateResource => ({
  Type: 'AWS::Route53::RecordSet',
  Properties: {
    HostedZoneId: zoneOf(domain, known),
    Name: domain.name,
    Type: 'A',
    AliasTarget: {
      DNSName: attribute(nameId(domain), 'RegionalDomainName'),
      HostedZoneId: attribute(nameId(domain), 'RegionalHostedZoneId'),
      EvaluateTargetHealth: false,
    },
  },
})

function zoneOf({ name, zone }: DomainModel, { hostedZones }: Known): string {
  const found = isZoneId(zone) ? zone : hostedZones.get(name)
  if (found === undefined) throw problem('GOBLET_NO_ZONE', { name })
  return found
}

/** Whether a domain names its zone by the id that Route 53 gave it; otherwise Route 53 has to be asked. */
const isZoneId = (zone: DomainModel['zone']): zone is string =>
  typeof zone === 'string' && /^Z[A-Z0-9]{1,31}$/.test(zone)

export const targetOutput = ({ name }: DomainModel): string => logicalId('DomainTarget', name)

/** Where DNS is somebody else's, that somebody is told what to point the name at. */
export function domainOutputs(domains: readonly DomainModel[]): { readonly [name: string]: Output } {
  const told = domains.filter(({ zone }) => zone === false)
  return Object.fromEntries(
    told.map((domain) => [
      targetOutput(domain),
      {
        Description: `What ${domain.name} has to point at (CNAME)`,
        Value: attribute(nameId(domain), 'RegionalDomainName'),
      },
    ]),
  )
}
