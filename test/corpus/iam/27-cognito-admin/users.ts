import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';

export class Users {
  readonly #client = new CognitoIdentityProviderClient({});
  readonly #pool: string;

  constructor(pool: string) {
    this.#pool = pool;
  }

  get = async (Username: string) => {
    const user = await this.#client.send(new AdminGetUserCommand({ UserPoolId: this.#pool, Username }));
    return { enabled: user.Enabled, name: user.Username };
  };

  promote = async (Username: string, GroupName: string) => {
    await this.#client.send(new AdminAddUserToGroupCommand({ UserPoolId: this.#pool, Username, GroupName }));
  };

  remove = async (Username: string) => {
    await this.#client.send(new AdminDeleteUserCommand({ UserPoolId: this.#pool, Username }));
  };
}
