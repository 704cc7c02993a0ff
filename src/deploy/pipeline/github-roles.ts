// The roles that GitHub Actions takes on, without any secret: who asks is proven by GitHub's own token (OpenID Connect).
import type { Value } from '../template.ts'
import { type PipelineRights, toRoleResources } from './policies.ts'
import type { PipelineProject } from './project.ts'

const ISSUER = 'token.actions.githubusercontent.com'

const REPOSITORY = `The repository as GitHub's tokens name it: owner/name, or owner@1/name@2 with the ids of both where it was made \
or renamed since 15 July 2026 (gh api repos/OWNER/NAME --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"').`

/** A template of three roles: one plans, one makes the stages of pull requests, one deploys the branch. */
export function toGithubRoles({ app, stage, branch }: PipelineProject, rights: PipelineRights): object {
  const pulls = 'pull_request'
  const branches = `ref:refs/heads/${branch}`
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Who may deploy ${app} (${stage}) from GitHub Actions`,
    Parameters: {
      Repository: { Type: 'String', Description: REPOSITORY, AllowedPattern: '[\\w.-]+(@\\d+)?/[\\w.-]+(@\\d+)?' },
      OidcProvider: {
        Type: 'String',
        Description: `The ARN of the account's provider for ${ISSUER}, of which it can have one; empty: it is made.`,
        Default: '',
      },
    },
    Conditions: { MakesProvider: { 'Fn::Equals': [{ Ref: 'OidcProvider' }, ''] } },
    Resources: {
      Provider: {
        Type: 'AWS::IAM::OIDCProvider',
        Condition: 'MakesProvider',
        // Other apps may have come to use it.
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { Url: `https://${ISSUER}`, ClientIdList: ['sts.amazonaws.com'] },
      },
      ...toRoleResources({ id: 'PlanRole', trust: trusting(pulls), statements: rights.plan }),
      ...toRoleResources({ id: 'PreviewRole', trust: trusting(pulls), statements: rights.preview }),
      ...toRoleResources({ id: 'DeployRole', trust: trusting(branches), statements: rights.deploy }),
    },
    Outputs: {
      PlanRole: told('GOBLET_PLAN_ROLE', 'PlanRole'),
      PreviewRole: told('GOBLET_PREVIEW_ROLE', 'PreviewRole'),
      DeployRole: told('GOBLET_DEPLOY_ROLE', 'DeployRole'),
    },
  }
}

const told = (variable: string, role: string): Value => ({
  Description: `The repository's variable ${variable}`,
  Value: { 'Fn::GetAtt': [role, 'Arn'] },
})

// Exactly: a pattern would let in other branches, or repositories whose names begin alike.
const trusting = (what: string): Value => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: {
        Federated: { 'Fn::If': ['MakesProvider', { 'Fn::GetAtt': ['Provider', 'Arn'] }, { Ref: 'OidcProvider' }] },
      },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${ISSUER}:aud`]: 'sts.amazonaws.com',
          [`${ISSUER}:sub`]: { 'Fn::Sub': `repo:\${Repository}:${what}` },
        },
      },
    },
  ],
})
