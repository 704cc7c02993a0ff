import { BaseRepository } from './base-repository';

export interface Team { PK: string; title: string }

export class TeamRepository extends BaseRepository<Team> {
  protected readonly prefix = 'TEAM';

  ofMember(userId: string): Promise<Team[]> {
    return this.queryIndex('GSI1', `USER#${userId}`);
  }
}
