import { expect, test } from 'vitest';
import { readRoute } from './route.ts';

test.each([
  ['', { at: 'figures' }],
  ['#/', { at: 'figures' }],
  ['#/apps', { at: 'apps' }],
  ['#/apps/a%2Fb', { at: 'app', appId: 'a/b', tab: 'overview', id: null }],
  ['#/apps/shop/rooms/1', { at: 'app', appId: 'shop', tab: 'rooms', id: '1' }],
  ['#/apps/shop/elsewhere', { at: 'nowhere' }],
  ['#/apps/shop/rooms/1/2', { at: 'nowhere' }],
  ['#/%', { at: 'nowhere' }],
])('the address %s', (hash, route) => {
  expect(readRoute(hash)).toEqual(route);
});
