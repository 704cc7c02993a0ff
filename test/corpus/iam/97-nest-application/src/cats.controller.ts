import { Body, Controller, Get, Post } from '@nestjs/common';
import { CatsService } from './cats.service';

@Controller('cats')
export class CatsController {
  constructor(private readonly cats: CatsService) {}

  @Get()
  all() {
    return this.cats.all();
  }

  @Post()
  add(@Body() cat: { name: string }) {
    return this.cats.add(cat.name);
  }
}
