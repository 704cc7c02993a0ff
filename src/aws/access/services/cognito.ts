// Cognito: what a person does for themselves is asked with their token, or with none, and IAM is not asked at all.
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html (unauthenticated
// and token-authorized operations), and the SDKs' models, where these operations are not signed.
import { need, type Rule, type Service } from '../resource.ts'
import { alternatives, at, isAbsent, texts } from '../text.ts'
import { toRole } from './pass-role.ts'

export const cognitoIdentityProvider: Service = {
  free: [
    ...[
      'AssociateSoftwareToken',
      'ChangePassword',
      'CompleteWebAuthnRegistration',
      'ConfirmDevice',
      'ConfirmForgotPassword',
    ],
    ...[
      'ConfirmSignUp',
      'DeleteUser',
      'DeleteUserAttributes',
      'DeleteWebAuthnCredential',
      'ForgetDevice',
      'ForgotPassword',
    ],
    ...['GetDevice', 'GetTokensFromRefreshToken', 'GetUser', 'GetUserAttributeVerificationCode', 'GetUserAuthFactors'],
    ...['GlobalSignOut', 'InitiateAuth', 'ListDevices', 'ListWebAuthnCredentials', 'ResendConfirmationCode'],
    ...['RespondToAuthChallenge', 'RevokeToken', 'SetUserMFAPreference', 'SetUserSettings', 'SignUp'],
    ...['StartWebAuthnRegistration', 'UpdateAuthEventFeedback', 'UpdateDeviceStatus', 'UpdateUserAttributes'],
    ...['VerifySoftwareToken', 'VerifyUserAttribute'],
  ],
}

/** Each of the roles that a pool's people get is handed over. */
const roles: Rule = (input) => {
  const values = at(input.value, 'Roles').flatMap((one) => (one.kind === 'object' ? [...one.members.values()] : [one]))
  const given = texts(values.flatMap(alternatives).filter((one) => !isAbsent(one)))
  return given.length === 0
    ? []
    : [
        need(
          'iam:PassRole',
          given.map((role) => toRole(input, role)),
        ),
      ]
}

export const cognitoIdentity: Service = {
  free: ['GetCredentialsForIdentity', 'GetId', 'GetOpenIdToken', 'UnlinkIdentity'],
  besides: { SetIdentityPoolRoles: roles },
}

/** Signing in to AWS itself. */
export const sso: Service = { free: ['GetRoleCredentials', 'ListAccountRoles', 'ListAccounts', 'Logout'] }
export const ssoOidc: Service = { free: ['CreateToken', 'RegisterClient', 'StartDeviceAuthorization'] }
