import { BaseRepository } from './base-repository';

export interface User { PK: string; name: string }

export class UserRepository extends BaseRepository<User> {
  protected readonly prefix = 'USER';
}
