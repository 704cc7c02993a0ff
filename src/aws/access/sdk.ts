// IAM's prefix of every client of the AWS SDK for JavaScript, by the tail of the package's name: `client-sfn` → `states`.
// Source: the service models of the SDKs (serviceId, signingName); where IAM's prefix is not what requests are signed with, the
// Service Authorization Reference.

// Those that IAM calls as the SDK does.
const SAME = `
  account acm acm-pca aiops amplify amplifybackend amplifyuibuilder appconfig appfabric appflow application-signals
  apprunner appstream appsync arc-region-switch arc-zonal-shift artifact athena auditmanager b2bi backup
  backup-gateway batch bcm-dashboards bcm-data-exports bcm-pricing-calculator bcm-recommended-actions bedrock
  bedrock-agentcore billing billingconductor braket budgets chatbot chime cleanrooms cloud9 clouddirectory
  cloudformation cloudfront cloudfront-keyvaluestore cloudhsm cloudsearch cloudtrail cloudtrail-data cloudwatch
  codeartifact codebuild codecatalyst codecommit codeconnections codedeploy codeguru-reviewer codeguru-security
  codepipeline codestar-connections codestar-notifications cognito-identity cognito-sync comprehend comprehendmedical
  compute-optimizer connect controlcatalog controltower cost-optimization-hub databrew dataexchange datasync datazone
  dax deadline detective devops-guru dlm docdb-elastic drs dsql dynamodb ebs ec2 ec2-instance-connect ecr ecr-public
  ecs eks eks-auth elasticache emr-containers emr-serverless entityresolution evs finspace firehose fis fms forecast
  frauddetector freetier fsx gamelift gameliftstreams geo-maps geo-places geo-routes glacier glue grafana greengrass
  groundstation guardduty health healthlake iam identitystore imagebuilder importexport inspector inspector-scan
  inspector2 interconnect internetmonitor invoicing iot iotdeviceadvisor iotfleetwise iotsitewise iottwinmaker ivs
  ivschat kafka kafkaconnect kendra kendra-ranking kinesis kms lakeformation lambda license-manager
  license-manager-linux-subscriptions license-manager-user-subscriptions lightsail lookoutequipment m2 macie2
  managedblockchain managedblockchain-query mediaconnect mediaconvert medialive mediapackage mediapackage-vod
  mediapackagev2 mediastore mediatailor medical-imaging memorydb mgn mpa mq neptune-graph network-firewall
  networkflowmonitor networkmanager networkmonitor notifications nova-act oam observabilityadmin odb omics
  organizations osis outposts panorama payment-cryptography pca-connector-ad pca-connector-scep pcs personalize pi
  pipes polly pricing proton qapps qbusiness quicksight ram rbin rds rds-data redshift redshift-data
  redshift-serverless rekognition repostspace resiliencehub resource-explorer-2 resource-groups rolesanywhere
  route53-recovery-cluster route53-recovery-control-config route53-recovery-readiness route53globalresolver
  route53profiles route53resolver rtbfabric rum s3 s3files s3tables s3vectors sagemaker sagemaker-geospatial
  savingsplans scheduler schemas security-ir securityagent securityhub securitylake servicediscovery ses shield signer
  signin simspaceweaver snow-device-management snowball sns sqs ssm ssm-contacts ssm-guiconnect ssm-incidents
  ssm-quicksetup ssm-sap sso sts support sustainability swf synthetics textract timestream-influxdb tnb transcribe
  transfer translate trustedadvisor uxc verifiedpermissions vpc-lattice waf waf-regional wafv2 wellarchitected wickr
  wisdom workdocs workmail workmailmessageflow workspaces workspaces-instances workspaces-web xray
`

// The SDK's name, then IAM's.
const OTHER = `
  accessanalyzer access-analyzer, amp aps, api-gateway apigateway, apigatewaymanagementapi execute-api,
  apigatewayv2 apigateway, app-mesh appmesh, appconfigdata appconfig, appintegrations app-integrations,
  application-auto-scaling application-autoscaling, application-discovery-service discovery,
  application-insights applicationinsights, applicationcostprofiler application-cost-profiler,
  auto-scaling autoscaling, auto-scaling-plans autoscaling-plans, backupsearch backup-search, bedrock-agent bedrock,
  bedrock-agent-runtime bedrock, bedrock-agentcore-control bedrock-agentcore, bedrock-data-automation bedrock,
  bedrock-data-automation-runtime bedrock, bedrock-runtime bedrock, chime-sdk-identity chime,
  chime-sdk-media-pipelines chime, chime-sdk-meetings chime, chime-sdk-messaging chime, chime-sdk-voice chime,
  cleanroomsml cleanrooms-ml, cloudcontrol cloudformation, cloudhsm-v2 cloudhsm, cloudsearch-domain cloudsearch,
  cloudwatch-logs logs, codeguruprofiler codeguru-profiler, cognito-identity-provider cognito-idp,
  compute-optimizer-automation aco-automation, config-service config, connect-contact-lens connect,
  connectcampaigns connect-campaigns, connectcampaignsv2 connect-campaigns, connectcases cases,
  connecthealth health-agent, connectparticipant execute-api, cost-and-usage-report-service cur, cost-explorer ce,
  customer-profiles profile, data-pipeline datapipeline, database-migration-service dms, device-farm devicefarm,
  devops-agent aidevops, direct-connect directconnect, directory-service ds, directory-service-data ds-data,
  docdb rds, dynamodb-streams dynamodb, efs elasticfilesystem, elastic-beanstalk elasticbeanstalk,
  elastic-load-balancing elasticloadbalancing, elastic-load-balancing-v2 elasticloadbalancing,
  elasticsearch-service es, elementalinference elemental-inference, emr elasticmapreduce, eventbridge events,
  finspace-data finspace-api, forecastquery forecast, global-accelerator globalaccelerator, greengrassv2 greengrass,
  iot-data-plane iot, iot-events iotevents, iot-events-data iotevents, iot-jobs-data-plane iotjobsdata,
  iot-managed-integrations iotmanagedintegrations, iot-wireless iotwireless, iotsecuretunneling iot,
  ivs-realtime ivs, keyspaces cassandra, keyspacesstreams cassandra, kinesis-analytics kinesisanalytics,
  kinesis-analytics-v2 kinesisanalytics, kinesis-video kinesisvideo, kinesis-video-archived-media kinesisvideo,
  kinesis-video-media kinesisvideo, kinesis-video-signaling kinesisvideo, kinesis-video-webrtc-storage kinesisvideo,
  launch-wizard launchwizard, lex-model-building-service lex, lex-models-v2 lex, lex-runtime-service lex,
  lex-runtime-v2 lex, location geo, machine-learning machinelearning, mailmanager ses,
  marketplace-agreement aws-marketplace, marketplace-catalog aws-marketplace,
  marketplace-commerce-analytics marketplacecommerceanalytics, marketplace-deployment aws-marketplace,
  marketplace-discovery aws-marketplace, marketplace-entitlement-service aws-marketplace,
  marketplace-metering aws-marketplace, marketplace-reporting aws-marketplace, mediastore-data mediastore,
  migration-hub mgh, migration-hub-refactor-spaces refactor-spaces, migrationhub-config mgh,
  migrationhuborchestrator migrationhub-orchestrator, migrationhubstrategy migrationhub-strategy,
  mturk mechanicalturk, mwaa airflow, mwaa-serverless airflow-serverless, neptune rds, neptunedata neptune-db,
  notificationscontacts notifications-contacts, opensearch es, opensearchserverless aoss,
  partnercentral-account partnercentral, partnercentral-benefits partnercentral,
  partnercentral-channel partnercentral, partnercentral-selling partnercentral,
  payment-cryptography-data payment-cryptography, personalize-events personalize, personalize-runtime personalize,
  pinpoint mobiletargeting, pinpoint-email ses, pinpoint-sms-voice sms-voice, pinpoint-sms-voice-v2 sms-voice,
  qconnect wisdom, rekognitionstreaming rekognition, resource-groups-tagging-api tag, route-53 route53,
  route-53-domains route53domains, s3-control s3, s3outposts s3-outposts, sagemaker-a2i-runtime sagemaker,
  sagemaker-edge sagemaker, sagemaker-featurestore-runtime sagemaker, sagemaker-metrics sagemaker,
  sagemaker-runtime sagemaker, secrets-manager secretsmanager, serverlessapplicationrepository serverlessrepo,
  service-catalog servicecatalog, service-catalog-appregistry servicecatalog, service-quotas servicequotas,
  sesv2 ses, sfn states, signer-data signer, simpledb sdb, simpledbv2 sdb, socialmessaging social-messaging,
  sso-admin sso, sso-oidc sso-oauth, storage-gateway storagegateway, supplychain scn, support-app supportapp,
  taxsettings tax, timestream-query timestream, timestream-write timestream, transcribe-streaming transcribe,
  voice-id voiceid, workspaces-thin-client thinclient
`

/** IAM's prefix of every SDK client, by its package's name without `@aws-sdk/client-`: `sfn` → `states`. */
export const sdkServices: ReadonlyMap<string, string> = new Map([
  ...SAME.trim()
    .split(/\s+/)
    .map((name): [string, string] => [name, name]),
  ...OTHER.trim()
    .split(/,\s+/)
    .map((pair): [string, string] => {
      const [name = '', prefix = ''] = pair.split(' ')
      return [name, prefix]
    }),
])

export function prefixOf(service: string): string | undefined {
  return sdkServices.get(service)
}
