/* Grids, units, buildings and stairs of the community: asked for once, kept while the page lives. */
import { computed, shallowRef } from 'vue';
import { api, call } from '../shared/api';
import type { Places } from './types';

const known = shallowRef<Places | null>(null);
let asking: Promise<Places> | undefined;

export const places = computed(() => known.value);

export function loadPlaces(): Promise<Places> {
  asking ??= call(api.GET('/api/v1/places')).then(
    (value) => (known.value = value),
    (fault: unknown) => {
      asking = undefined;
      throw fault;
    },
  );
  return asking;
}

export function forgetPlaces(): void {
  asking = undefined;
  known.value = null;
}
