import type { ProfileService } from './profile-service';

export class ProfileController {
  private readonly service: ProfileService;
  constructor(service: ProfileService) {
    this.service = service;
  }
  async rename({ id, name }: { id: string; name: string }) {
    await this.service.rename(id, name);
    return { statusCode: 204 };
  }
}
