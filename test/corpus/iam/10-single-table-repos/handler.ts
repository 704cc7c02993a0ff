import { TeamRepository } from './repositories/team-repository';
import { UserRepository } from './repositories/user-repository';

const users = new UserRepository();
const teams = new TeamRepository();

export async function handler(event: { userId: string }) {
  const user = await users.findById(event.userId);
  return { user, teams: await teams.ofMember(event.userId) };
}
