/* The resident face: language and elder mode before the first paint, then who is here, then the page. */
import '../shared/tokens.css';
import './resident.css';
import { createApp } from 'vue';
import { deviceLanguage, setLanguage } from '../shared/i18n';
import App from './App.vue';
import { startElder } from './elder';
import { router } from './router';

async function start(): Promise<void> {
  startElder();
  /* English words that cannot be loaded must not keep the page from opening */
  await setLanguage(deviceLanguage(), false).catch(() => undefined);
  createApp(App).use(router).mount('#app');
}

void start();

if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
