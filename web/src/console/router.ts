/* Pages of the console. Only login and board come with the shell; every other page is fetched when it is opened. */
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router';
import { has, isSignedIn, isStaff, type Cap } from '../shared/session';
import Board from './board/Board.vue';
import Login from './login/Login.vue';
import type { IconName } from './parts/icons';

export interface MenuPage {
  name: 'board' | 'report' | 'teams' | 'people' | 'rule' | 'posters' | 'audit' | 'about';
  path: string;
  icon: IconName;
  /** Without it the page is neither in the menu nor opened. */
  cap?: Cap;
  component: NonNullable<RouteRecordRaw['component']>;
}

const MENU: readonly MenuPage[] = [
  { name: 'board', path: '/', icon: 'board', cap: 'request_read', component: Board },
  { name: 'report', path: '/report', icon: 'report', cap: 'place_read', component: () => import('./report/Report.vue') },
  { name: 'teams', path: '/teams', icon: 'team', cap: 'team_read', component: () => import('./teams/Teams.vue') },
  { name: 'posters', path: '/posters', icon: 'poster', cap: 'poster_print', component: () => import('./posters/Posters.vue') },
  { name: 'people', path: '/people', icon: 'person', cap: 'account_write', component: () => import('./people/People.vue') },
  { name: 'rule', path: '/rule', icon: 'rule', cap: 'setting_write', component: () => import('./rule/Rule.vue') },
  { name: 'audit', path: '/audit', icon: 'chain', cap: 'audit_read', component: () => import('./audit/Audit.vue') },
  { name: 'about', path: '/about', icon: 'info', component: () => import('./about/About.vue') },
];

/** The pages this person may open, in the order of the menu. */
export function menuPages(): MenuPage[] {
  return MENU.filter((page) => !page.cap || has(page.cap));
}

/* each face has its own words for a route; what this one needs to know stands in MENU */
const routes = [
  ...MENU.map(({ name, path, component }) => ({ name, path, component })),
  { path: '/login', name: 'login', component: Login },
  { path: '/requests/:id', name: 'request', component: () => import('./request/RequestPage.vue') },
  { path: '/:rest(.*)*', name: 'lost', component: () => import('./about/Lost.vue') },
] as RouteRecordRaw[];

export const router = createRouter({
  history: createWebHashHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

/** The first page of the menu that this person may open. */
export function homeName(): string {
  return has('request_read') ? 'board' : 'about';
}

router.beforeEach((to) => {
  if (to.name === 'login') return isSignedIn.value && isStaff.value ? { name: homeName() } : true;
  if (!isSignedIn.value) return { name: 'login', query: to.path === '/' ? {} : { to: to.fullPath } };
  const cap = MENU.find((page) => page.name === to.name)?.cap;
  if (cap && !has(cap)) return { name: to.name === homeName() ? 'about' : homeName() };
  return true;
});
