// What the Gradio page carries: the stage, the race, and the widgets that Gradio does not have.
import * as choices from "./app/choices.js";
import { examples } from "./app/examples.js";
import { fold } from "./app/fold.js";
import { header } from "./app/header.js";
import { picker } from "./app/picker.js";
import { race, stage } from "./app/players.js";
import { running } from "./app/running.js";
import { segments } from "./app/segments.js";
import { treelet } from "./app/treelet.js";
import { learn } from "./core/methods.js";
import { describe } from "./core/schema.js";
import { speak } from "./core/words.js";

const specdec = /** @type {any} */ (window).specdec;
speak(specdec.words);
describe(specdec.schema);
learn(specdec.methods);
Object.assign(specdec, { stage, race, choices, header, fold, picker, segments, examples, treelet, running });
