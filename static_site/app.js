// Runs first, with as little as that needs: the characters are asked for while the rest of the page still arrives.

import { identify } from "./api.js";
import { Cast } from "./cast.js";
import { languageOf, launchParams, personOf } from "./telegram/launch.js";

const launch = launchParams();
const initData = launch.tgWebAppData ?? "";
const language = languageOf(initData);
const cast = new Cast(personOf(initData).id);

document.documentElement.lang = language;
identify(initData, language);
if (initData) cast.ask();
const { start } = await import("./start.js");
start({ launch, initData, language, cast });
