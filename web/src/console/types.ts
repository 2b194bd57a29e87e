/* Short names for what the API sends. */
import type { Schemas } from '../shared/api';

export type Request = Schemas['Request'];
export type Entry = Schemas['Entry'];
export type ActName = Schemas['Act'];
export type PossibleAct = Schemas['PossibleAct'];
export type ActDraft = Schemas['ActDraft'];
export type Role = Schemas['Role'];
export type ScopeKind = Schemas['ScopeKind'];
export type Team = Schemas['Team'];
export type Account = Schemas['Account'];
/** Without `valid_to`: what is listed is held now. */
export type Post = Omit<Schemas['Post'], 'valid_to'>;
export type Poster = Schemas['Poster'];
export type Places = Schemas['Places'];
export type Category = Schemas['CategoryCode'];
