/* Built by "npm run build" from sources 2bc7c8fbbd4a940de248b7b520ac327b94f99fc6a7d2ab9f45e757b2d31de242 */
"use strict";(()=>{var Si=Object.defineProperty;var Ei=(s,t)=>{for(var e in t)Si(s,e,{get:t[e],enumerable:!0})};var he={};Ei(he,{exampleOf:()=>Ti,folded:()=>ji,lineOf:()=>Oi,ruleOf:()=>Ge,same:()=>Ci,temperatureOf:()=>Ai,usualOf:()=>Li});
var Ge=(s,t)=>Number(s)===0?"greedy":t==="greedy"?"rejection":t,Ai=(s,t,e)=>t==="greedy"?0:e||s,Ti=({first:s,all:t},e,i)=>!i.
trim()||t.includes(i)?s[e]:i,Li=({usual:s,temperatures:t},e,i,n,r,o)=>{let h=Object.values(s).some(u=>u.drafter===i&&u.
draft_length===n)&&s[e]||{drafter:i,draft_length:n},p=Object.values(t).includes(r)?t[e]??r:r;return[h.drafter,h.draft_length,
p,Ge(p,o)]},Oi=(s,t)=>s[t],ji=(s,...t)=>JSON.stringify(Object.fromEntries(s.map((e,i)=>[e,t[i]]))),Ci=s=>s;var Ri=/\{(\w+)(?:![rs])?(?::[^}]*)?\}/g,de={};function Je(s){de=s}function Ni(s,t){let e=s.indexOf("."),i=de[s.slice(0,
e)]?.[s.slice(e+1)];if(i===void 0)throw new Error(`No words under ${s}`);return typeof i=="object"?i[t.n===1?"one":"oth\
er"]:i}function st(s){let t=s.indexOf(".");return Object.hasOwn(de[s.slice(0,t)]??{},s.slice(t+1))}function jt(s,t={}){
let e=[],i=0,n=Ni(s,t);for(let r of n.matchAll(Ri))e.push(n.slice(i,r.index),t[r[1]]),i=r.index+r[0].length;return[...e,
n.slice(i)]}var l=(s,t={})=>jt(s,t).map(String).join(""),yt=s=>{if(!s?.key)return String(s??"");let t=Object.entries(s.
values??{}),e=Object.fromEntries(t.map(([i,n])=>[i,n?.key?yt(n):n]));try{let i=jt(s.key,e);if(!i.includes(void 0))return i.
map(String).join("")}catch{}return`${s.key} (${t.map(([i])=>`${i}=${e[i]}`).join(", ")})`};var Pi="http://www.w3.org/2000/svg";function pe(s,t,e){for(let[i,n]of Object.entries(t||{}))if(!(n==null||n===!1))if(i===
"on")for(let[r,o]of Object.entries(n))s.addEventListener(r,o);else s.setAttribute(i,n===!0?"":n);for(let i of e.flat(1/0))
i!=null&&s.append(i);return s}var a=(s,t={},...e)=>pe(document.createElement(s),t,e),_=(s,t={},...e)=>pe(document.createElementNS(
Pi,s),t,e),H=(s,t)=>{pe(s,t,[])},g=(s,t)=>{s.textContent!==t&&(s.textContent=t)},vt=()=>window.matchMedia("(prefers-red\
uced-motion: reduce)").matches,C=(s,t,e={})=>(s.replaceChildren(...jt(t,e).map(i=>typeof i=="number"?String(i):i)),s);var Ct="specdec-chosen";function Rt(s,t){let e=s.closest(".settings-body");return{tell(){e.dataset[t.name]!==t.value&&(e.
dataset[t.name]=t.value,e.dispatchEvent(new CustomEvent(Ct)))},hear:i=>e.addEventListener(Ct,i),why(i){let n=Object.entries(
i.against).map(([r,o])=>o[e.dataset[r]]);return i.why||n.find(Boolean)||""}}}var V=s=>s.choices.find(t=>t.value===s.value)||
s.choices[0];var Qe=(s,t,e,i)=>{let n=s.closest(".settings-body"),r=null,o=([h,d])=>a("button",{type:"button",on:{click:()=>{t.value=
d,i("input")}}},h),c=()=>{r!==n.dataset.task&&(r=n.dataset.task,s.replaceChildren(...Object.entries(t.offered[r]||{}).map(
o)))};n.addEventListener(Ct,c),c()};var Ve=(s,t,e)=>{let i=s.querySelector(".fold"),n=s.querySelector(".fold-text"),r=()=>{let{drafter:h,shape:d,draft_length:p,
branching:u,rule:f,...m}=JSON.parse(t.value),v=l(`settings.task_${m.task}`),x=h==="none"||d==="chain"&&!p;n.textContent=
x?l("settings.summary_none",{task:v}):l("settings.summary",{task:v,drafter:l(`settings.drafter_${h}`),shape:l(`settings\
.summary_${d}`,{length:p,branching:u}),rule:l(`settings.rule_${f}`)})},o=s.closest(".settings"),c=h=>{o.classList.toggle(
"open",h),i.setAttribute("aria-expanded",String(h))};i.addEventListener("click",()=>c(!o.classList.contains("open"))),o.
addEventListener("click",h=>{h.target.closest("button.primary")&&c(!1)}),r(),e("value",r)};var Ze={" ":"space","\n":"newline","\r":"newline","	":"tab"},qi=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}/u,
Fi=/[\u200d\ufe0f]/,Xe=48;function Bi(s){return`U+${Number(s.codePointAt(0)).toString(16).toUpperCase().padStart(4,"0")}`}
function Ye(s,t=Xe){let e=[],i="",n=()=>{i&&e.push({kind:"letters",text:i}),i=""},r=Array.from(s);return r.slice(0,t).forEach(
(o,c)=>{let h=Fi.test(o)&&c>0&&c<r.length;Ze[o]?(n(),e.push({kind:"mark",text:Ze[o]})):qi.test(o)&&!h?(n(),e.push({kind:"\
codepoint",text:Bi(o)})):i+=!i&&/\p{M}/u.test(o)?`◌${o}`:o}),n(),r.length>t&&e.push({kind:"codepoint",text:"…"}),e}
var O=s=>{let t=Array.from(s).slice(0,Xe).join("").trim();if(t)return t;let e=s.includes(`
`)?"newline":s.includes("	")?"tab":"space";return l(`stage.spoken_${e}`)};var ts={accepted:{d:"M2.8 8.4 6.3 12 13.2 4.4"},rejected:{d:"M4 4l8 8M12 4l-8 8"},discarded:{d:"M8 5.6a2.4 2.4 0 1 0 0 \
4.8a2.4 2.4 0 1 0 0-4.8z",fill:!0},correction:{d:"M12.6 5.2A5.4 5.4 0 1 0 13.4 8.6M12.9 1.9V5.6H9.2"},bonus:{d:"M8 2.8v\
10.4M2.8 8h10.4"},plain:{d:"M3.2 8h9.6"},lossless:{d:"M2.8 8.4 6.3 12 13.2 4.4"},lossy:{d:"M2.8 5.8h10.4M2.8 10.2h10.4M\
10.8 2.6 5.2 13.4"},space:{d:"M1.6 8.6v3.6h12.8V8.6"},newline:{d:"M13 3v5.6H3.4M6.6 5.2 3.2 8.6l3.4 3.4"},tab:{d:"M1.6 \
8h10M8.4 4.6 11.8 8l-3.4 3.4M14.2 3.8v8.4"},first:{d:"M12.4 3.2 5.6 8l6.8 4.8zM2.6 3.2h1.8v9.6H2.6z",fill:!0},last:{d:"\
M3.6 3.2 10.4 8l-6.8 4.8zM11.6 3.2h1.8v9.6h-1.8z",fill:!0},previous:{d:"M10.4 3 5.4 8l5 5"},next:{d:"M5.6 3l5 5-5 5"},play:{
d:"M4.4 2.6 13.2 8l-8.8 5.4z",fill:!0},pause:{d:"M4 2.8h2.9v10.4H4zM9.1 2.8H12v10.4H9.1z",fill:!0},left:{d:"M13 8H3.4M6\
.8 4.6 3.4 8l3.4 3.4"},right:{d:"M3 8h9.6M9.2 4.6 12.6 8l-3.4 3.4"},pin:{d:"M5.4 2.6h5.2M6.4 2.6v4L4.2 9.2h7.6L9.6 6.6v\
-4M8 9.2v4.4"},theme:{d:"M8 2.2a5.8 5.8 0 1 0 0 11.6z",fill:!0,ring:!0}},M=(s,t="")=>{let e=ts[s],i=_("svg",{class:`mar\
k mark-${s} ${t}`,viewBox:"0 0 16 16","aria-hidden":"true",focusable:"false"});return e.ring&&i.append(_("circle",{cx:8,
cy:8,r:5.8,class:"stroke"})),i.append(_("path",{d:e.d,class:e.fill?"fill":"stroke"})),i},es=s=>ts[s].d,ot=(s,t)=>{let e=Ye(
s,t),i=n=>n.kind==="mark"?M(n.text):a("span",{class:n.kind},n.text);return a("bdi",{class:"piece"},e.map(i))},Z=(s,t,{mark:e=!1,
small:i=!1,tag:n="span",attributes:r={}}={})=>{let o=`chip ${i?"chip-small":""} is-${t}`;return a(n,{...r,class:o},e?M(
t):null,ot(s.piece))};var ss="specdec-theme",ue=()=>document.body.classList.contains("dark");function zi(){try{return localStorage.getItem(ss)}catch{
return null}}function Hi(s){try{localStorage.setItem(ss,s)}catch{}}var is=s=>{s.querySelector(".name").textContent=l("a\
pp.name"),s.querySelector(".tagline").textContent=l("app.tagline");let t=s.querySelector(".theme");t.append(M("theme"));
let e=n=>{document.body.classList.toggle("dark",n);let r=l(n?"app.to_light":"app.to_dark");t.setAttribute("aria-label",
r),t.title=r},i=new URLSearchParams(location.search).get("__theme")||zi();e(i==="dark"||i!=="light"&&ue()),t.addEventListener(
"click",()=>{e(!ue()),Hi(ue()?"dark":"light")})};var Ii=0;function ns(s){let[t,e]=s.lossy?["lossy","settings.lossy"]:["lossless","settings.lossless"];return a("span",{class:`\
law-badge is-${t}`},M(t),l(e))}var rs=(s,t,e,i)=>{let n=`specdec-picker-${++Ii}`,r=Rt(s,t),o=t.choices.map((y,T)=>Wi(y,
`${n}-${T}`,t.badges)),c=a("span",{class:"picked"}),h=a("span",{class:"line"}),d=a("span",{class:"line-badge"}),p=a("p",
{class:"about",id:`${n}-about`},d,h),u=a("ul",{role:"listbox",id:`${n}-list`,"aria-label":t.caption,hidden:!0},o.map(y=>y.
node)),f=a("button",{type:"button",role:"combobox",class:"field","aria-haspopup":"listbox","aria-expanded":"false","ari\
a-controls":`${n}-list`,"aria-label":t.caption,"aria-describedby":`${n}-about`},c);s.append(a("span",{class:"label","ar\
ia-hidden":"true"},t.caption),a("div",{class:"holder"},f,u),p);let m=0;function v(){let y=r.why(V(t))&&t.choices.find(F=>!r.
why(F));if(y)return et(y.value);let T=V(t);g(c,T.name),g(h,T.line),d.replaceChildren(...T.lossy?[ns(T)]:[]),o.forEach(F=>F.
show(r.why(F.choice),F.choice===T))}let x=()=>!u.hidden;function k(y){if(y!==x()){if(u.hidden=!y,f.setAttribute("aria-e\
xpanded",String(y)),!y)return f.removeAttribute("aria-activedescendant");v(),E(),A(o.findIndex(T=>T.choice===V(t)))}}function E(){
let y=f.getBoundingClientRect(),[T,F]=[y.top,window.innerHeight-y.bottom];u.style.maxHeight="none";let wt=u.offsetHeight>
F-16&&T>F;u.classList.toggle("up",wt),u.style.maxHeight=`${Math.max(160,(wt?T:F)-16)}px`}function A(y){m=Math.max(0,Math.
min(o.length-1,y)),o.forEach((T,F)=>T.node.classList.toggle("active",F===m)),f.setAttribute("aria-activedescendant",o[m].
node.id),o[m].node.scrollIntoView({block:"nearest"})}function S(y){r.why(o[y].choice)||(k(!1),t.choices[y].value!==t.value&&
et(t.choices[y].value))}function et(y){t.value=y,v(),r.tell(),i("input")}function $i(y){let T=x()?m:o.findIndex(Ot=>Ot.
choice===V(t)),wt=o.map((Ot,Mi)=>(T+1+Mi)%o.length).find(Ot=>o[Ot].choice.name.toLowerCase().startsWith(y));k(!0),wt!==
void 0&&A(wt)}f.addEventListener("keydown",y=>{let T={ArrowDown:m+1,ArrowUp:m-1,PageDown:m+4,PageUp:m-4,Home:0,End:o.length-
1};if(!(y.ctrlKey||y.metaKey)){if(y.key in T)x()?A(T[y.key]):k(!0);else if(y.key==="Enter"||y.key===" ")x()?S(m):k(!0);else if(y.
key==="Escape"&&x())k(!1);else if(y.key.length===1&&/\S/.test(y.key)&&!y.altKey)$i(y.key.toLowerCase());else return;y.preventDefault(),
y.stopPropagation()}}),f.addEventListener("click",()=>k(!x())),f.addEventListener("blur",()=>k(!1)),u.addEventListener(
"pointerdown",y=>y.preventDefault()),o.forEach((y,T)=>{y.node.addEventListener("pointermove",()=>T!==m&&A(T)),y.node.addEventListener(
"click",()=>S(T))});let Ue=()=>{v(),r.tell()};r.hear(v),Ue(),e("value",Ue)};function Wi(s,t,e){let i=a("span",{class:"w\
hy"}),n=a("span",{class:"head"},a("span",{class:"name"},s.name),e?ns(s):null),r=a("li",{role:"option",id:t},n,a("span",
{class:"what"},s.what),i);return{node:r,choice:s,show:(c,h)=>{g(i,c),i.hidden=!c,r.setAttribute("aria-selected",String(
h)),r.setAttribute("aria-disabled",String(!!c))}}}var os=s=>s.match(/[^\n]*\n/g)??[],Nt=class{run=null;next=0;end=0;asking=!1;constructor(t,e){this.player=t,this.ask=e}take({
run:t,first:e,lines:i}){t!==this.run&&Object.assign(this,{run:t,next:0,end:0,asking:!1});let n=os(i);this.end=Math.max(
this.end,e+n.length),this.add(n,e),this.next<this.end&&this.fetch()}add(t,e){if(e>this.next)return;let i=t.slice(this.next-
e);if(!i.length)return;let n=this.next>0;this.next+=i.length,n?this.player.append(i.join("")):this.player.show(i.join(""))}async fetch(){
if(this.asking)return;let{run:t,next:e}=this;this.asking=!0;let i=t===null?"":await this.ask(t,e).catch(()=>"");t===this.
run&&(this.asking=!1,this.add(os(i),e),this.next===e?this.player.cut():this.next<this.end&&this.fetch())}};var Di=[{size:1e9,letter:"B"},{size:1e6,letter:"M"},{size:1e3,letter:"k"}],B=" ";function $(s){if(s===0||s===1)return String(
s);if(s<1e-4)return`<${B}0.0001`;if(s>.9999)return`>${B}0.9999`;if(s<.01)return s.toFixed(s<.001?4:3);for(let t of[2,3,
4])if(Number(s.toFixed(t))<1)return s.toFixed(t);return`>${B}0.9999`}function as(s){return s<=1?$(s):s>9999?`>${B}9999`:
s.toFixed(s<10?2:s<100?1:0)}function L(s){let t=Math.round(s*100);return t===0&&s>0?`<${B}1${B}%`:t===100&&s<1?`>${B}99${B}\
%`:`${t}${B}%`}function fe(s,t){for(let e=2;e<17;e++){let i=[s.toFixed(e),t.toFixed(e)];if(i[0]!==i[1]||s===t)return[Number.
isInteger(s)?String(s):i[0],Number.isInteger(t)?String(t):i[1]]}return[String(s),String(t)]}function W(s,t){let[e,i]=[$(
s),$(t)];return e!==i||s===t?[e,i]:fe(s,t)}function Pt(s,t,e,i){let n=e.split(".")[1]?.length??0,r=!Number.isNaN(Number(
e)),o=(h,d)=>(h!==d||s===t)&&(!r||i(Number(h),Number(d)).toFixed(n)===Number(e).toFixed(n)),c=(h,d)=>Number($(h))===h?$(
h):h.toFixed(d);if(o($(s),$(t)))return[$(s),$(t)];for(let h=3;h<16;h++){let[d,p]=[c(s,h),c(t,h)];if(o(d,p))return[d,p]}
return[String(s),String(t)]}function qt(s){if(s>=10)return`${s.toFixed(1)}${B}s`;if(s>=1)return`${s.toFixed(2)}${B}s`;let t=s*
1e3;return`${t>=100?t.toFixed(0):t>=.095?t.toFixed(1):t.toFixed(2)}${B}ms`}function Ft(s){for(let{size:t,letter:e}of Di)
if(s>=t)return`${s/t>=10?Math.round(s/t):Number((s/t).toFixed(1))}${e}`;return String(s)}function Bt(s){let t=new Date(
s);return Number.isNaN(t.getTime())?String(s):t.toLocaleDateString("en-GB",{day:"numeric",month:"short",year:"numeric",
timeZone:"UTC"})}var ge=new Map,cs=new Map;function ls(s){ge=new Map(s.drafters.map(t=>[t.name,t])),cs=new Map(s.rules.map(t=>[t.name,t]))}
var it=s=>cs.get(s)??{},R=s=>s.drafter.name==="none",kt=s=>it(s.settings.rule).formula??!0,D=({drafter:s})=>st(`stage.g\
uessing_${s.name}`)?s.name:"model",zt=s=>!R(s)&&ge.get(s.drafter.name)?.probabilities===!1,hs=s=>st(`stage.rule_${s}`)?
l(`stage.rule_${s}`):String(s),me=(s,t)=>t?l("stage.model_size",{name:s,size:Ft(t)}):s,be=({drafter:s})=>{if(s.model&&s.
model!==s.name)return me(s.model,s.parameters);let t=`stage.drafter_${s.name}`,e=ge.get(s.name)?.label||(st(t)?l(t):s.name);
return me(e,s.parameters)},ds=s=>{let{target:t,hardware:e,created:i}=s,n=me(t.name,t.parameters),r=R(s)?l("stage.alone",
{target:n}):l("stage.models",{target:n,drafter:be(s)}),o=["eager","compiled","graphs"].includes(e.mode)?[l(`stage.mode_${e.
mode}`)]:[];return[r,[l("stage.hardware",{name:e.name,dtype:e.dtype}),...o].join(", "),Bt(i)]};var xe={};function us(s){xe=s}var Ki=s=>typeof s=="object"&&s!==null&&!Array.isArray(s),ps=(s,{minimum:t,maximum:e,exclusiveMinimum:i,
exclusiveMaximum:n})=>Number.isFinite(s)&&!(s<t||s>e||s<=i||s>=n),Ui=(s,{items:t,prefixItems:e=[],minItems:i=0,maxItems:n=1/0})=>s.
length>=i&&s.length<=n&&s.every((r,o)=>at(r,e[o]??(t||{}))),Gi=(s,{properties:t={},required:e=[],additionalProperties:i=!0})=>e.
every(n=>Object.hasOwn(s,n))&&Object.entries(s).every(([n,r])=>Object.hasOwn(t,n)?at(r,t[n]):i&&at(r,i===!0?{}:i)),Ji={
null:s=>s===null,boolean:s=>typeof s=="boolean",string:s=>typeof s=="string",integer:(s,t)=>Number.isInteger(s)&&ps(s,t),
number:(s,t)=>typeof s=="number"&&ps(s,t),array:(s,t)=>Array.isArray(s)&&Ui(s,t),object:(s,t)=>Ki(s)&&Gi(s,t)};function at(s,t=xe){
return t.$ref?at(s,xe.$defs[t.$ref.split("/").pop()]):t.anyOf?t.anyOf.some(e=>at(s,e)):t.enum?t.enum.includes(s):t.type?
Ji[t.type](s,t):!0}var X=s=>s.draft.some((t,e)=>t.parent!==e-1),I=s=>s.draft.reduce((t,e,i)=>e.verdict==="accepted"?i:t,-1),ct=s=>{let t=I(
s),e=s.draft.filter(i=>i.verdict==="rejected"&&i.parent===t);return e.length?e[e.length-1]:null},K=(s,t)=>t<0?[]:[...K(
s,s[t].parent),t],lt=(s,t)=>{let e=s.filter(n=>n.parent===t.parent),i=e.indexOf(t);return{nth:i+1,of:e.length,before:e.
slice(0,i),next:e[i+1]||null,all:e}},fs=s=>{let t=[];for(let e of s)t.push(e.parent<0?1:t[e.parent]+1);return t},ft=s=>fs(
s).reduce((t,e)=>Math.max(t,e),0),ms=s=>{let t=s.draft.map((n,r)=>({verdict:String(n.verdict),place:r})).filter(({verdict:n})=>n===
"accepted"),e=ct(s);e&&t.push({verdict:"rejected",place:s.draft.indexOf(e)});let i=fs(s.draft);for(let n=t.length+1;n<=
Math.max(0,...i);n++)t.push({verdict:"discarded",place:i.indexOf(n)});return t},we=s=>{let t=s.draft.map(e=>e.parent);return s.
final?[...t,I(s)]:t};function gs(s){let t=Array.from({length:s.length+1},()=>[]);return s.forEach((e,i)=>t[e+1].push(i)),
t}var ye=s=>{let t=gs(s),e=new Array(s.length).fill(0),i=h=>{let d=[],p=[],u=t[h+1].map(m=>{let v=i(m),x=[[0,0],...v],k=x.
reduce((E,[A],S)=>S<p.length?Math.max(E,p[S]+1-A):E,d.length?-1/0:0);return x.forEach(([E,A],S)=>{S>=d.length&&(d[S]=k+
E),p[S]=k+A}),k}),f=u.length?(u[0]+u[u.length-1])/2:0;return t[h+1].forEach((m,v)=>{e[m]=u[v]-f}),d.map((m,v)=>[m-f,p[v]-
f])},n=i(-1),r=Math.min(0,...n.map(([h])=>h)),o=[];s.forEach((h,d)=>{let p=h<0?{depth:0,row:-r}:o[h];o.push({depth:p.depth+
1,row:p.row+e[d]})});let c=1+Math.max(0,...n.map(([,h])=>h))-r;return{nodes:o,root:{depth:0,row:-r},rows:c,depth:o.reduce(
(h,d)=>Math.max(h,d.depth),0)}},bs=s=>{let t=gs(s),e=new Array(s.length),i=0,n=(r,o)=>{for(let c of t[r+1])i+=1,e[c]={depth:o,
row:i},n(c,o+1)};return n(-1,1),{nodes:e,root:{depth:0,row:0},rows:s.length+1,depth:e.reduce((r,o)=>Math.max(r,o.depth),
0)}},Ht=s=>s.reduce(([t,e],i)=>[t+e*i,e*i],[0,1])[0];var xs=2,ws={rounds:0,drafted:0,accepted:0,rejected:0,discarded:0,refusals:0,tokens:0,passes:0,seconds:0},Qi=["header",
"round","footer"],Vi=({draft:s,final:t})=>s.every((e,i)=>e.parent>=-1&&e.parent<i)&&new Set([...s,...t?[t]:[]].map(e=>e.
kind)).size<2,gt=s=>s.header.target.encoder_decoder===!0,Y=s=>{let t=s.draft.filter(e=>e.verdict==="accepted");return s.
final?[...t,s.final]:t},Zi=s=>ct(s)!==null,It=s=>({acceptance:s.accepted+s.refusals?s.accepted/(s.accepted+s.refusals):
null,perPass:s.passes?s.tokens/s.passes:null,efficiency:s.drafted?s.accepted/s.drafted:null});function Xi(s,t){let e=s.
sums.length?s.sums[s.sums.length-1]:ws,i=n=>t.draft.filter(r=>r.verdict===n).length;s.rounds.push(t),s.longest=Math.max(
s.longest,t.draft.length),s.deepest=Math.max(s.deepest,ft(t.draft)),s.branched=s.branched||X(t),s.sums.push({rounds:e.rounds+
1,drafted:e.drafted+t.draft.length,accepted:e.accepted+i("accepted"),rejected:e.rejected+i("rejected"),discarded:e.discarded+
i("discarded"),refusals:e.refusals+Number(Zi(t)),tokens:e.tokens+Y(t).length,passes:e.passes+(t.passes?.target??1),seconds:t.
end})}var U=(s,t)=>t>0?s.sums[t-1]:ws,mt=class s{text="";at=0;line=0;runs=[];error=null;clear(){Object.assign(this,new s)}append(t){
this.text=this.text.slice(this.at)+t,this.at=0}parse({budget:t=1/0,whole:e=!1}={}){let i=performance.now()+t;for(;this.
error===null&&this.at<this.text.length;){let n=this.text.indexOf(`
`,this.at);if(n<0&&!e)return!1;n<0&&(n=this.text.length);let r=this.text.slice(this.at,n);if(this.at=Math.min(n+1,this.
text.length),this.line+=1,r.trim()&&this.take(r),performance.now()>i)return this.error===null&&this.at<this.text.length}
return!1}refuse(t,e){this.error=l("stage.broken_line",{line:this.line,why:l(`stage.broken_${t}`,e)})}take(t){let e;try{
e=JSON.parse(t)}catch{return this.refuse("json")}if(!Qi.includes(e?.kind))return this.refuse("kind");if(e.kind==="heade\
r"&&e.schema!==xs)return this.refuse("schema",{value:String(e.schema),known:xs});if(!at(e)||e.kind==="round"&&!Vi(e))return this.
refuse("shape");this.place(e)}place(t){let e=this.runs[this.runs.length-1];if(t.kind==="header"){if(e&&!e.footer)return this.
refuse("order");this.runs.push({header:t,rounds:[],footer:null,sums:[],longest:0,deepest:0,branched:!!t.settings.branching})}else
!e||e.footer?this.refuse("order"):t.kind==="footer"?e.footer=t:t.index!==e.rounds.length?this.refuse("index",{value:String(
t.index),expected:e.rounds.length}):Xi(e,t)}};var[Yi,tn]=[.88,1.25],en=.95,sn=3;function Wt(s){let t=[...s].sort((i,n)=>i-n),e=t.length>>1;return t.length%2?t[e]:(t[e-
1]+t[e])/2}var Dt=s=>s.reduce((t,e)=>t+e,0),ve=({start:s,end:t})=>t-s,ys=({rounds:s})=>Dt(s.map(ve))/Math.max(1,s.length);
function vs(s){let t=new Map;for(let r of s){let o=t.get(r.draft.length);o?o.push(ve(r)):t.set(r.draft.length,[ve(r)])}
let e=[...t.values()].filter(r=>r.length>=sn&&Wt(r)>0);if(!e.length)return!1;let i=e.flatMap(r=>{let o=Wt(r);return r.slice(
1).map((c,h)=>Math.abs(c-r[h])/o)}),n=Dt(e.map(Dt))/Dt(e.map(r=>r.length*Wt(r)));return Wt(i)>.15||n<Yi||n>tn}function ks(s,t){
return ys(t)<en*ys(s)?"impossible":vs(s.rounds)||vs(t.rounds)?"scattered":null}var nn=" ",nt=["draft","verify","other"];function _e(s){return $e({run:s,ids:[],tokens:[],text:"",offsets:[0],ends:[],
written:[],draft:0,verify:0,draftPasses:0})}function $e(s){for(let t of s.run.rounds.slice(s.ends.length)){for(let e of Y(
t))s.ids.push(e.id),s.tokens.push(e),s.text+=e.text,s.offsets.push(s.text.length);s.ends.push(t.end),s.written.push(s.ids.
length),s.draft+=t.seconds?.draft??0,s.verify+=t.seconds?.verify??0,s.draftPasses+=t.passes?.draft??0}return s}var G=s=>s.
ends.length?s.ends[s.ends.length-1]:0,Kt=s=>!!(s?.run.footer&&!["cancelled","error"].includes(s.run.footer.reason)&&s.ids.
length);function _s(s){let{passes:t,drafted:e,accepted:i,refusals:n}=U(s.run,s.run.rounds.length),r=G(s),o=s.ids.length;
return{seconds:r,draft:s.draft,verify:s.verify,other:Math.max(0,r-s.draft-s.verify),tokens:o,passes:t,drafted:e,accepted:i,
refusals:n,draftPasses:s.draftPasses,perToken:r/o,perPass:r/t,tokensPerPass:o/t}}function ht(s,t){let[e,i]=[0,s.ends.length];
for(;e<i;){let n=e+i>>1;s.ends[n]<=t+1e-9?e=n+1:i=n}return e}function $s(s,t){let[e,i]=[_s(s),_s(t)],{rule:n,temperature:r}=t.
run.header.settings,o=Math.max(e.tokens,i.tokens),c=0;for(;c<o&&s.ids[c]===t.ids[c];)c+=1;let{lossless:h,coins:d}=it(n),
p=d==="none"||r===0,u=c===o?"same":"differs",f=i.tokensPerPass/e.tokensPerPass,m=Math.max(1,i.perPass/e.perPass),v=h===
void 0?"none":h?p?u:"law":"lossy";return{plain:e,speculative:i,speedup:f/m,tokensPerPass:f,roundCost:m,disturbed:ks(s.run,
t.run),claim:v,same:c}}function Ms(s,t,e,i){for(let n=1;n<5;n++)if((Number(s.toFixed(n))/Number(t.toFixed(n))).toFixed(
i)===e.toFixed(i))return n;return 5}function Ss(s){let t=i=>!R(i)&&i.settings.draft_length!==0;if(s.length>2||s[0]&&t(s[0].
header))return"race.not_a_race";let e=s.map(({header:i})=>JSON.stringify([i.target,i.hardware,i.settings.temperature,i.
prompt.text]));return e.length===2&&e[0]!==e[1]?"race.unlike":null}var _t={shortest:8,right:9,longest:10};function Me(s){
if(!(s>0)||s>=_t.shortest&&s<=_t.longest)return{kind:"real",times:1,speed:1};let t=s<_t.shortest,e=t?_t.right/s:s/_t.right,
i=e<5?Number(e.toFixed(1)):Math.round(e);return{kind:t?"slowed":"hastened",times:i,speed:t?1/i:i}}var ke=(s,t)=>s.toFixed(
t<.1?3:t<10?2:t<100?1:0),N=(s,t)=>`${ke(s,t)}${nn}s`,Es=(s,t,e)=>N(Number(ke(s,e))-Number(ke(t,e)),e),Ut=(s,t)=>{let e=10**
Math.floor(Math.log10(s/t));return[5,2,1].map(i=>i*e).find(i=>s/i>=t-1e-9)||e};var rn=" ",Gt=class{whole;width;end;ticks;constructor(){this.done=a("span",{class:"race-rail-done"}),this.knob=a("span",
{class:"race-knob"}),this.scale=a("span",{class:"race-scale"}),this.head=a("span",{class:"race-tick race-tick-head"});let t=[
a("span",{class:"race-rail"}),this.scale,this.done,this.knob,this.head];this.root=a("div",{class:"race-axis",role:"slid\
er",tabindex:"0","aria-valuemin":"0","aria-label":l("race.axis")},...t)}draw(t,e,i){[this.whole,this.width]=[t,e];let n=Ut(
t,Math.max(2,Math.floor(e/150))),r=Math.max(0,-Math.floor(Math.log10(n)+1e-9)),o=[this.tick(t,N(t,t),`race-tick ${i?"ra\
ce-tick-end":""}`)];for(let c=0;c*n<t*(1-1e-9);c++)o.push(this.tick(c*n,c?`${(c*n).toFixed(r)}${rn}s`:"0","race-tick"));
this.scale.replaceChildren(...o.flatMap(({mark:c,text:h})=>[c,h]));for(let c of o)c.half=c.text.offsetWidth/2;for(let c of o)
c.at=this.inside(c.time/t*e,c.half),c.text.style.left=`${c.at}px`;this.end=o[0],this.ticks=o.filter(c=>c===this.end||c.
at+c.half+10<=this.end.at-this.end.half);for(let c of o)this.ticks.includes(c)||c.text.remove();this.root.setAttribute(
"aria-valuemax",t.toFixed(3))}tick(t,e,i){let n=a("span",{class:"race-tick-mark"});return n.style.left=`${t/this.whole*
this.width}px`,{time:t,mark:n,at:0,half:0,text:a("span",{class:i},e)}}inside(t,e){return Math.min(Math.max(t,e),this.width-
e)}show(t,e){let i=t/this.whole*this.width,n=this.inside(i,this.end.half);this.done.style.transform=`scaleX(${Math.max(
0,i-9)/this.width})`,this.knob.style.transform=`translateX(${i.toFixed(2)}px)`,this.head.style.left=`${n.toFixed(2)}px`,
g(this.head,N(t,this.whole));for(let r of this.ticks)r.text.classList.toggle("is-covered",Math.abs(r.at-n)<r.half+this.
end.half+8);this.root.setAttribute("aria-valuenow",t.toFixed(3)),this.root.setAttribute("aria-valuetext",e)}};var As=[...nt,"dots"],Ts=30,on=44,an=3;function cn(s,t){let e=[],i=null;return s.run.rounds.forEach((n,r)=>{let{draft:o,
verify:c}=n.seconds??{draft:0,verify:0};i=i||{start:n.start,draft:0,verify:0,other:0,tokens:0,rounds:0},i.end=n.end,i.draft+=
o,i.verify+=c,i.other+=Math.max(0,n.end-n.start-o-c),i.tokens+=s.written[r]-(r?s.written[r-1]:0),i.rounds+=1,!((i.end-i.
start)*t<an)&&(e.push(i),i=null)}),i?[...e,i]:e}function ln(s,t,e,i){let n=e>=5?1.5:0,[r,o]=[(e-2*n).toFixed(2),i-2*n];
if(!n)return`M${s.toFixed(2)} ${t}h${r}v${i}h-${r}z`;let[c,h]=[`h${r}q${n} 0 ${n} ${n}`,`v${o}q0 ${n} ${-n} ${n}`],[d,p]=[
`h-${r}q${-n} 0 ${-n} ${-n}`,`v${-o}q0 ${-n} ${n} ${-n}`];return`M${(s+n).toFixed(2)} ${t}${c}${h}${d}${p}z`}function hn(s,t){
let e=cn(s,t),i=e.reduce((d,p)=>Math.max(d,p.tokens),1),n=Math.min(5.5,on/i),r=e.length?(e[e.length-1].end-e[0].start)*
t/e.length:10,o=Math.ceil(n*i)+6,c={draft:"",verify:"",other:"",dots:""};for(let d of e){let p=d.start*t,u=(d.end-d.start)*
t,f=Math.min(1.5,u*.2),m=nt.filter(S=>d[S]>0),v=u>12?.75:0,x=u-f-v*(m.length-1),k=d.draft+d.verify+d.other,E=p;for(let S of m){
let et=x*d[S]/k;c[S]+=ln(E,o,et,Ts),E+=et+v}let A=(p+(u-f)/2).toFixed(2);for(let S=0;S<d.tokens;S++)c.dots+=`M${A} ${(o-
7-S*n).toFixed(2)}h.01`}let h=Math.max(1,Math.min(4,n*.75,r*.6));return{d:c,dot:h,height:o+Ts,merged:e.some(d=>d.rounds>
1)}}var $t=class{tape;scale;width;lead;room;long;stands;telling;heard;paleText;fullText;pen;text;window;playhead;restText;rest;track;all;ink;layers;fields;constructor(t){
this.note=a("span",{class:"race-lane-note"}),this.count=a("span",{class:"race-count"});let e=a("h3",{class:"race-lane-t\
itle"},l(`race.${t}`)),i=a("div",{class:"race-lane-head"},e,this.note,this.count);this.root=a("section",{class:"race-la\
ne","data-lane":t,"aria-label":l(`race.${t}`)},i,this.makeText(t),this.makeTrack())}makeText(t){this.heard=a("span",{class:"\
race-written heard"}),this.all=document.createTextNode(""),this.ink=document.createTextNode(""),this.paleText=a("span",
{class:"race-all","aria-hidden":"true"},this.all),this.fullText=a("span",{class:"race-ink","aria-hidden":"true"},this.ink),
this.pen=a("span",{class:"race-pen","aria-hidden":"true"});let e=a("div",{class:"race-page",dir:"auto"},this.paleText,this.
fullText,this.pen);return this.text=a("div",{class:"race-text",role:"group","aria-label":l(`race.${t}_text`),on:{scroll:()=>this.
fade()}},e,this.heard),this.text}makeTrack(){let t=()=>Object.fromEntries(As.map(e=>[e,_("path",{class:`race-${e}`})]));
return this.layers=[t(),t()],this.fields=this.layers.map((e,i)=>_("svg",{class:i?"race-full":"race-pale"},...Object.values(
e))),this.window=a("span",{class:"race-window"},this.fields[1]),this.playhead=a("span",{class:"race-playhead"}),this.restText=
a("span",{}),this.rest=a("span",{class:"race-rest",hidden:!0},this.restText),this.track=a("div",{class:"race-track","ar\
ia-hidden":"true"},this.fields[0],this.window,this.rest,this.playhead),this.track}draw(t,e,i){Object.assign(this,{tape:t,
scale:e,width:i});let{d:n,dot:r,height:o,merged:c}=hn(t,e);this.layers.forEach((d,p)=>{for(let u of As)d[u].setAttribute(
"d",n[u]);d.dots.setAttribute("stroke-width",r.toFixed(2));for(let[u,f]of Object.entries({width:i,height:o}))this.fields[p].
setAttribute(u,f)});let{text:h}=t;this.lead=h.length-h.trimStart().length;for(let d of[this.all,this.ink])d.data!==h.slice(
this.lead)&&(d.data=h.slice(this.lead));return this.root.dataset.total=t.ids.length,this.root.classList.toggle("is-wait\
ing",!t.run.header),this.room=this.text.clientHeight,this.long=this.text.scrollHeight>this.room,this.long?this.text.tabIndex=
0:this.text.removeAttribute("tabindex"),this.stands=null,c}drawRest(t,e,i){let n=(e-t)*this.scale;this.rest.hidden=i===
null||n<16,!this.rest.hidden&&(this.rest.style.left=`${t*this.scale}px`,this.rest.style.width=`${n}px`,this.restText.hidden=
!1,g(this.restText,i),this.restText.hidden=this.restText.offsetWidth>n-40)}show(t){let{tape:e}=this,i=ht(e,t),n=i?e.written[i-
1]:0,r=Math.round(t*this.scale*devicePixelRatio)/devicePixelRatio;this.window.style.transform=`translateX(${r-this.width}\
px)`,this.fields[1].style.transform=`translateX(${this.width-r}px)`,this.playhead.style.transform=`translateX(${r}px)`;
let{footer:o}=e.run,c=!!o&&t>=G(e)-1e-9;return this.root.classList.toggle("is-finished",c),n!==this.stands&&this.write(
n),{tokens:n,done:c}}tell({tokens:t,done:e},i,n){let{tape:r}=this,{footer:o}=r.run,c=e?Kt(r)?"done":"ended":o?"at":"run\
ning",h=N(o?Math.min(i,G(r)):i,n);C(this.count,`race.count_${c}`,{n:r.ids.length,written:a("b",{},String(t)),total:String(
r.ids.length),time:h})}write(t){this.stands=this.root.dataset.written=t;let e=Math.max(0,this.tape.offsets[t]-this.lead),
i=this.endOf(e),{left:n,top:r,bottom:o}=i,c=i.rtl?"100%":"0",h=i.rtl?"0":"100%",d=`${c} -9px, ${h} -9px, ${h} ${r}px`,p=`${n}\
px ${r}px, ${n}px ${o}px, ${c} ${o}px`;this.fullText.style.clipPath=`polygon(${d}, ${p})`,this.pen.style.transform=`tra\
nslate(${n-1}px, ${(r+o)/2-10}px)`,this.long&&(this.text.scrollTop=Math.max(0,o-this.room+30)),this.fade(),clearTimeout(
this.telling),this.telling=setTimeout(()=>g(this.heard,this.ink.data.slice(0,e)),120)}endOf(t){let e=this.fullText.getBoundingClientRect(),
i=getComputedStyle(this.fullText).direction==="rtl",n=document.createRange(),r=Math.max(0,t-1);n.setStart(this.ink,r),n.
setEnd(this.ink,t||Math.min(1,this.ink.length));let o=[...n.getClientRects()].pop();return o?{left:(t===0===i?o.right:o.
left)-e.left,top:o.top-e.top,bottom:o.bottom-e.top,rtl:i}:{left:i?e.width:0,top:0,bottom:0,rtl:i}}fade(){let t=this.long&&
this.text.scrollHeight-this.room-this.text.scrollTop>4;this.text.classList.toggle("goes-on",t)}};var dn=" ",Se=s=>s<1.995?2:1,Jt=s=>s.toFixed(Se(s));function Mt(s){let t=s*1e3;return`${t.toFixed(t<9.995?2:t<99.95?1:
0)}${dn}ms`}function Os({plain:s,speculative:t,tokensPerPass:e}){let i=Math.max(s.seconds,t.seconds),n=e.toFixed(1),r=n===
"1.0"?l("race.summary_passes_one"):l("race.summary_passes",{tokens:n}),o={time:N(t.seconds,i),plain:N(s.seconds,i)};if(s.
tokens===t.tokens)return`${l("race.summary",{...o,n:s.tokens})} ${r}`;let c={each:Mt(t.perToken),plain_each:Mt(s.perToken)},
h={tokens:t.tokens,plain_tokens:s.tokens};return`${l("race.summary_lengths",{...o,...c,...h})} ${r}`}var Ls=s=>`⁨${O(
s)}⁩`;function js({same:s,claim:t},e,i){if(t!=="differs")return"";let[n,r]=[e,i].map(f=>f.tokens[s]);if(!n||!r)return l(
n?"race.ends_earlier_speculative":"race.ends_earlier_plain",{n:s});let o=e.run.rounds[ht(e,e.ends[e.written.findIndex(f=>f>
s)])-1].final,[c,h]=[n,r].map(({id:f})=>(o.top?.find(m=>m[0]===f)||[])[2]),d=l("race.first_difference",{position:s+1,plain:Ls(
n.piece),speculative:Ls(r.piece)});if(c===void 0||h===void 0)return d;let[p,u]=fe(c,h);return`${d} ${l("race.gap",{plain:p,
speculative:u,dtype:e.run.header.hardware.dtype})}`}function Cs({plain:s,speculative:t}){let{drafted:e,accepted:i,passes:n}=t,
r=(t.draft/n/s.perPass).toFixed(2),o=(t.verify/n/s.perPass).toFixed(2),c=e?{share:L(i/e),accepted:i,n:e}:null,h=c?l("ra\
ce.reason_kept",c):l("race.reason_unguessed");return`${l("race.reason_cost",{draft:r,verify:o})} ${h}`}function Rs(s){let{
branching:t,draft_length:e}=s.settings,i=l(`stage.source_${D(s)}`);return Array.isArray(t)?l("race.note_tree",{n:Ht(t),
source:i}):t?l("race.note_dynamic",{n:e,source:i}):e==="auto"?l("race.note_auto",{source:i}):l("race.note",{n:e,source:i})}var pn=" ",Ae=(s,t,...e)=>a("section",{class:`race-panel race-${s}`},a("h3",{class:"race-panel-title"},t),...e),Ns=s=>a(
"p",{class:"race-panel-note"},s);function Ee(s,t,e,i){let n=t.reduce((d,[,p])=>d+p,0),o=t.filter(([,d])=>d>0).map(([d,p])=>a(
"span",{class:`race-piece race-${d}`,style:`flex-grow: ${100*p/n}`})),c=a("span",{class:"race-bar",style:`--share: ${n/
e}`,"aria-hidden":"true"},...o),h=a("span",{class:"race-row-cell"},c,a("b",{},i));return a("p",{class:"race-row"},a("sp\
an",{class:"race-row-label"},s),h)}function Ps({plain:s,speculative:t}){let e=Math.max(s.seconds,t.seconds),i=(p,u)=>Ee(
l(p),nt.map(f=>[f,u[f]]),e,N(u.seconds,e)),n=t.seconds<1,{draft:r,verify:o,other:c}=t,h=p=>n?(p*1e3).toFixed(0):p.toFixed(
2),d=l("race.split_note",{draft:`${h(r)}${pn}${n?"ms":"s"}`,verify:h(o),other:h(c)});return Ae("split",l("race.split"),
i("race.plain_short",s),i("race.speculative_short",t),Ns(d))}function Te({plain:s,speculative:t}){let e=(n,r,o)=>{let c=a(
"b",{class:"race-total-value"},n.tokensPerPass.toFixed(1)),h=a("span",{class:"race-total-note"},l(r,{tokens:n.tokens,n:n.
passes}));return a("p",{class:o?"race-total is-quiet":"race-total"},c,h)},i=a("div",{class:"race-pair"},e(t,"race.passe\
s_speculative"),e(s,"race.passes_plain",!0));return Ae("passes",l("race.passes"),i)}function qs({plain:s,speculative:t,
speedup:e,roundCost:i,tokensPerPass:n}){let[r,o]=[Jt(e),n.toFixed(1)],c=Math.max(s.perPass,t.perPass),h=k=>nt.map(E=>[E,
k[E]/k.passes]),[[,d],...p]=h(t),u=t.draftPasses/t.passes,f=Number.isInteger(u)&&u>0&&u<=8?u:1,m=[...Array(f).fill(["dr\
aft",d/f]),...p],v=Ms(n,i,e,Se(e)),x={cost:i.toFixed(v),tokens:n.toFixed(v),speed:r};return Ae("why",l(i>1&&Number(r)!==
Number(o)?"race.why":"race.why_alone",{speed:r,tokens:o}),Ee(l("race.one_pass"),h(s),c,Mt(s.perPass)),Ee(l("race.one_ro\
und"),m,c,Mt(t.perPass)),Ns(l("race.why_note",x)))}var un=12,fn={play:"play",pause:"pause",again:"correction"},mn={rounds:[],footer:null},gn=s=>a("li",{},a("span",{class:`\
race-swatch race-${s}`}),l(`race.key_${s}`));function bn([s,t]){let e=t||s;return s?e.run.footer&&!Kt(e)?"stopped":t?.run.
footer?"done":s.run.footer?"speculative":"plain":"empty"}var Le=class{reader=new mt;runs=[];tapes=[];phase="empty";time=0;speed=1;chosen="\
pace";playing=!1;due=!1;told=!1;visible=!1;width=0;frame=0;pending=0;reading=0;tag=a("span",{class:"tag"});source=a("sp\
an",{class:"race-source"});runLive=a("button",{type:"button",class:"race-run-live quiet-button",hidden:!0,on:{click:()=>this.
options.onRunLive?.()}},l("race.run_live"));from=a("div",{class:"race-from"},this.tag,this.source,this.runLive);problem=a(
"p",{class:"race-problem",role:"status",hidden:!0});verdict=a("h2",{class:"race-verdict"});badge=a("span",{class:"race-\
badge",hidden:!0});summary=a("p",{class:"race-summary",hidden:!0});reason=a("p",{class:"race-reason",hidden:!0});lanes=[
new $t("plain"),new $t("speculative")];axis=new Gt;button=a("button",{class:"race-play",type:"button",on:{click:()=>this.
toggle()}});select=a("select",{class:"race-speed pick","aria-label":l("race.speed"),on:{change:()=>this.setSpeed()}});merged=a(
"li",{hidden:!0},l("race.merged"));controls=a("div",{class:"race-controls"},this.button,a("span",{class:"picker"},this.
select,M("next")),a("ul",{class:"race-key"},[...nt,"dots"].map(gn),this.merged));body=a("div",{class:"race-body"},this.
lanes.map(t=>t.root),this.axis.root,this.controls);panels=a("div",{class:"race-panels",hidden:!0});status=a("p",{class:"\
race-status heard",role:"status"});resized=new ResizeObserver(()=>this.later());looked=new IntersectionObserver(t=>{this.
visible=t[t.length-1].isIntersecting,this.begin()});constructor(t,e){this.options=e,this.offerSpeeds(),this.root=t.classList.
contains("specdec-race")?t:t.appendChild(a("div",{class:"specdec specdec-race"}));let i=a("div",{class:"race-headline"},
this.verdict,this.badge),n=[this.from,this.problem,i,this.summary,this.reason];this.root.replaceChildren(...n,this.body,
this.panels,this.status),this.listen(),this.render()}listen(){this.axis.root.addEventListener("keydown",t=>this.key(t));
for(let t of[this.axis.root,...this.lanes.map(e=>e.track)])t.addEventListener("pointerdown",e=>this.grab(e,t));this.resized.
observe(this.root),this.looked.observe(this.body)}destroy(){this.playing=!1;for(let t of[this.frame,this.pending,this.reading])
cancelAnimationFrame(t);this.resized.disconnect(),this.looked.disconnect(),this.root.replaceChildren()}restart(t){this.
reader.clear(),this.append(t)}append(t){this.reader.append(t),this.read()}read(){cancelAnimationFrame(this.reading),this.
reader.parse({budget:un})?this.reading=requestAnimationFrame(()=>this.read()):this.take()}take(){let{runs:t,error:e}=this.
reader,i=Ss(t),n=e||i&&l(i)||(!t.length&&this.runs.length?l("race.waiting"):""),r=n&&t.length&&t!==this.runs&&this.runs.
length?` ${l("race.kept")}`:"";g(this.problem,n+r),this.problem.hidden=!n,t.length&&(t===this.runs||!e)&&!i&&this.follow(
t),this.later()}follow(t){let e=t===this.runs?this.phase:null;e===null&&(this.pause(),this.tapes=[]),this.runs=t,this.tapes=
t.map((i,n)=>this.tapes[n]?$e(this.tapes[n]):_e(i)),this.phase=bn(this.tapes),this.phase!==e&&(this.running()||(this.time=
this.whole()),this.offerSpeeds(),this.due=this.phase==="done"&&this.options.autoplay!==!1&&!vt(),this.told=!1)}running(){
return this.phase==="plain"||this.phase==="speculative"}whole(){let t=Math.max(0,...this.tapes.map(G));if(this.phase!==
"plain")return t||1;let e=Ut(Math.max(t,.2),1);return(Math.floor(t/e)+1)*e}later(){cancelAnimationFrame(this.pending),this.
pending=requestAnimationFrame(()=>this.render())}render(){let t=this.phase==="empty";this.root.dataset.phase=this.phase,
this.body.hidden=this.from.hidden=t,this.headline(),!t&&(this.provenance(),this.layout(),this.begin())}layout(){if(this.
width=this.axis.root.clientWidth,!this.width)return;let t=this.whole(),e=[this.tapes[0],this.tapes[1]||_e(mn)];this.lanes[1].
text.style.minHeight=this.running()?`${this.lanes[0].text.offsetHeight}px`:"";let i=this.lanes.map((n,r)=>n.draw(e[r],this.
width/t,this.width));this.merged.hidden=!i.some(Boolean),this.axis.draw(t,this.width,this.phase!=="plain"),g(this.lanes[0].
note,l("race.plain_note")),g(this.lanes[1].note,this.drafterNote()),this.drawRests(t),this.show()}drafterNote(){return this.
tapes[1]?Rs(this.runs[1].header):l(this.phase==="plain"?"race.next":this.phase==="speculative"?"race.under_way":"race.n\
ot_run")}drawRests(t){let e=this.phase==="done"&&!this.root.dataset.disturbed,[i,n]=this.tapes.map(G),r=e&&this.tapes[0].
ids.length===this.tapes[1].ids.length?"race.saved":"race.earlier",o=e?Es(Math.max(i,n),Math.min(i,n),t):"";this.lanes[0].
drawRest(i,n,e&&i<n?l("race.earlier",{time:o}):null),this.lanes[1].drawRest(n,i,e&&n<i?l(r,{time:o}):null)}show(){let t=this.
whole(),e=this.running()?[0,1].map(h=>this.tapes[h]?G(this.tapes[h]):0):[this.time,this.time],i=Math.min(t,this.running()?
e[this.tapes.length-1]:this.time),n=this.lanes.map((h,d)=>h.show(e[d]));this.lanes.forEach((h,d)=>h.tell(n[d],e[d],t));
let[r,o]=n.map(({tokens:h})=>h);this.axis.show(i,l("race.axis_value",{time:N(i,t),plain:r,speculative:o})),this.root.dataset.
time=i.toFixed(3),this.root.dataset.playing=String(this.playing),this.button.disabled=this.running(),this.axis.root.setAttribute(
"aria-disabled",String(this.running()));let c=this.playing?"pause":!this.running()&&this.time>=t-1e-9?"again":"play";c!==
this.button.dataset.state&&(this.button.dataset.state=c,this.button.setAttribute("aria-label",l(`race.${c}`)),this.button.
replaceChildren(M(fn[c])))}provenance(){let{target:t,hardware:e,source:i,created:n}=this.runs[0].header;document.activeElement===
this.runLive&&i!=="recorded"&&this.button.focus({preventScroll:!0}),this.runLive.hidden=i!=="recorded"||!this.options.onRunLive,
g(this.tag,l(i==="recorded"?"race.recorded":"race.live"));let o=[((p,u)=>u?l("race.model",{name:p,size:Ft(u)}):p)(t.name,
t.parameters)];this.runs[1]&&o.push(be(this.runs[1].header));let c=["eager","compiled","graphs"].includes(e.mode)?[l(`s\
tage.mode_${e.mode}`)]:[],h=[e.name,e.dtype,...c].join(", "),d={models:o.join(" + "),machine:h,date:Bt(n)};g(this.source,
l("race.source",d))}headline(){if(this.told)return;let t=this.phase==="done";for(let e of[this.badge,this.reason,this.panels])
e.replaceChildren();for(let e of["speedup","claim","disturbed"])delete this.root.dataset[e];t?this.tellResult():this.tellStanding();
for(let e of[this.badge,this.summary,this.reason,this.panels])e.hidden=!e.textContent;this.told=t||this.phase==="stoppe\
d",g(this.status,this.running()?this.verdict.textContent:`${this.verdict.textContent} ${this.summary.textContent}`)}tellStanding(){
let[t,e]=this.tapes,i=e||t,n=this.phase==="empty"?"none":e?"speculative":this.phase==="speculative"?"next":"plain",r=this.
phase==="stopped"?i.run.footer?.reason==="error"?"failed":"stopped":"running";g(this.verdict,l(`race.${r}_${n}`));let o=i&&
{n:i.ids.length,time:N(G(i),this.whole()),plain:N(G(t),this.whole())},c=r==="failed"&&i.run.footer?.message;g(this.summary,
yt(c||"")||l(`race.${r}_${n}_note`,o||{}))}tellResult(){let[t,e]=this.tapes,i=$s(t,e);this.root.dataset.claim=i.claim,this.
wearBadge(i),g(this.reason,js(i,t,e)),i.disturbed?this.tellBusy(i):this.tellSpeed(i)}tellBusy(t){this.root.dataset.disturbed=
t.disturbed,g(this.verdict,l("race.busy")),g(this.summary,l(`race.busy_${t.disturbed}`)),this.panels.append(Te(t))}tellSpeed(t){
let{speedup:e,claim:i,same:n}=t,r=Jt(e),o=Number(r)===1?"even":e>1?"faster":"slower";this.root.dataset.speedup=e.toFixed(
4);let c=i==="none"?"":l(`race.text_${i}`,{position:n+1}),h=c?l(`race.${o}`,{speed:r,text:c}):l(`race.${o}_alone`,{speed:r});
g(this.verdict,h),g(this.summary,Os(t)),o!=="faster"&&g(this.reason,[this.reason.textContent,Cs(t)].filter(Boolean).join(
" ")),this.panels.append(Ps(t),Te(t),qs(t))}wearBadge({claim:t,same:e,plain:i,speculative:n}){this.badge.className=`rac\
e-badge is-${t}`,t==="same"&&this.badge.append(M("accepted"),l("race.badge_same",{n:i.tokens})),t==="differs"&&this.badge.
append(M("rejected"),l("race.badge_differs",{n:e,total:Math.max(i.tokens,n.tokens)})),t==="law"&&this.badge.append(l("r\
ace.badge_law")),t==="lossy"&&this.badge.append(M("lossy"),l("race.badge_lossy"))}begin(){!this.due||!this.visible||!this.
width||(this.due=!1,this.time=0,this.play())}play(){if(this.running()||this.phase==="empty")return;this.time>=this.whole()-
1e-9&&(this.time=0),this.playing=!0;let t=null,e=i=>{if(!this.playing)return;let n=t===null?0:Math.min(.25,(i-t)/1e3);if(t=
i,this.seek(this.time+n*this.speed),this.time>=this.whole())return this.pause();this.frame=requestAnimationFrame(e)};this.
frame=requestAnimationFrame(e),this.show()}offerSpeeds(){let{kind:t,times:e}=Me(this.whole()),i={pace:l(`race.speed_${t}`,
{times:e}),real:l("race.speed_real"),double:l("race.speed_double")},n=Object.entries(i).filter(([r])=>r!=="real"||t!=="\
real");this.select.replaceChildren(...n.map(([r,o])=>a("option",{value:r},o))),this.select.value=this.chosen==="real"&&
t==="real"?"pace":this.chosen,this.setSpeed()}setSpeed(){let t={pace:Me(this.whole()).speed,real:1,double:2};this.chosen=
this.select.value,this.speed=t[this.chosen]}pause(){cancelAnimationFrame(this.frame),this.playing&&(this.playing=!1,this.
show())}toggle(){this.playing?this.pause():this.play()}seek(t){this.running()||this.phase==="empty"||(this.time=Math.min(
Math.max(0,t),this.whole()),this.show())}grab(t,e){if(t.button!==0||this.running())return;let{left:i}=this.axis.root.getBoundingClientRect(),
n=o=>this.seek((o.clientX-i)/this.width*this.whole()),r=()=>{e.removeEventListener("pointermove",n);for(let o of["point\
erup","pointercancel"])e.removeEventListener(o,r)};t.preventDefault(),this.axis.root.focus({preventScroll:!0,focusVisible:!1}),
this.due=!1,this.pause(),e.setPointerCapture(t.pointerId),e.addEventListener("pointermove",n);for(let o of["pointerup",
"pointercancel"])e.addEventListener(o,r);n(t)}key(t){let e={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1}[t.key],i={
PageUp:.1,PageDown:-.1}[t.key],n={Home:0,End:this.whole()}[t.key],r=t.key===" ";if(!(!e&&!i&&n===void 0&&!r||t.altKey||
t.ctrlKey||t.metaKey)){if(t.preventDefault(),this.due=!1,r)return this.toggle();this.pause(),this.seek(n??(i?this.time+
i*this.whole():this.neighbour(e,t.shiftKey)))}}neighbour(t,e){let n=(e?this.tapes.slice(-1):this.tapes).map(r=>t>0?r.ends[ht(
r,this.time)]??this.whole():r.ends[ht(r,this.time-2e-9)-1]??0);return t>0?Math.min(...n):Math.max(...n)}},Fs=(s,t={})=>{
let e=new Le(s,t);return{show:i=>e.restart(i),append:i=>e.append(i),cut(){},destroy:()=>e.destroy()}};var dt=["guess","check","judge","keep"];function Bs(s,t,e){let i=t.draft.length,n=D(s.header);return i?X(t)?l(`stage.${e}\
_tree_${n}`,{n:i}):l(`stage.${e}_${n}`,{n:i}):l(`stage.${e}_none_${xn(s,t)||n}`)}function xn(s,t){let{draft_length:e,branching:i,
max_new_tokens:n}=s.header.settings;return e===0&&!i||t.plan&&t.plan.draft_length===0?"asked":U(s,t.index).tokens+1>=n?
"room":null}var Qt=(s,t,e)=>{let i=t.draft.length,n=X(t),r=t.draft.filter(c=>c.verdict==="accepted").length;if(R(s.header))
return[l(e<3?"stage.plain_pass":"stage.plain_round"),""];if(e===0)return[Bs(s,t,"guessing"),""];if(e===1)return[i?n?l("\
stage.checking_tree"):l("stage.checking",{n:i}):l("stage.checking_none"),""];let o=Bs(s,t,"guessed");return t.final?t.final.
verdict==="plain"?[o,l("stage.wrote_plain")]:n&&!r?[o,l("stage.kept_none_tree")]:n?[o,l(t.final.verdict==="bonus"?"stag\
e.kept_path_bonus":"stage.kept_path",{n:r})]:t.final.verdict==="bonus"?[o,l("stage.kept_bonus",{n:i})]:[o,r?l("stage.ke\
pt_correction",{n:r}):l("stage.kept_none")]:[o,r?l("stage.kept_ended",{n:r}):l("stage.kept_ended_none")]},Oe=(s,t,e="",i=!1)=>{
if(s.kind==="opaque")return s.verdict==="discarded"&&!i?[l("stage.not_judged")]:[];if(t==="block"&&s.rule&&s.coin!==null)
return wn(s);if(s.verdict==="discarded")return i?[]:[l("stage.not_judged")];if(t==="greedy")return[l(`stage.${s.verdict===
"accepted"?"match":"mismatch"}${i?"_short":""}`)];if(t==="typical"&&s.rule)return yn(s);if(s.accept_prob===null)return[];
if(s.accept_prob===0&&s.target_prob===0&&e)return[l("stage.cut",{by:e})];let n=L(s.accept_prob);if(t==="match")return[l(
"stage.chance",{share:n})];let r=[i?n:l("stage.accept",{share:n})];return s.coin!==null&&r.push(l("stage.coin",{coin:W(
s.coin,s.accept_prob)[0]})),r};function wn(s){let[t,e]=W(s.coin,s.rule.threshold);return[l("stage.threshold",{threshold:e}),
l("stage.coin",{coin:t})]}function yn(s){let[t,e]=W(s.target_prob,s.rule.threshold);return[l(s.target_prob>s.rule.threshold?
"stage.above":"stage.not_above",{p:t,threshold:e})]}var Zt=({top_k:s=0,top_p:t=1,min_p:e=0},i,n)=>{let r="parent"in n?n.parent:I(i),o=i.draft.filter(d=>d!==n&&d.parent===r&&
d.verdict==="rejected");if("parent"in n?o.some(d=>i.draft.indexOf(d)<i.draft.indexOf(n)):o.length>1)return"";let h={"to\
p-k":s>0,"top-p":t<1,"min-p":e>0};return Object.entries(h).filter(([,d])=>d).map(([d])=>d).join(" / ")},St=(s,t)=>{let[
e,i]=t.split(":"),n=s.rounds[Number(e)];if(!n)return null;let r=i==="f"?n.final:n.draft[Number(i)];if(!r)return null;let{
header:o}=s;return{key:t,token:r,round:n,index:Number(e),rule:o.settings.rule,settings:o.settings,family:D(o),copied:zt(
o),alone:R(o),refused:ct(n),branched:X(n),cut:Zt(o.settings,n,r)}},Vt=(s,t)=>{let e=s.draft.map((i,n)=>`${t}:${n}`);return s.
final?[...e,`${t}:f`]:e},je=(s,t,e)=>{let i=Number(t.split(":")[0]),n=Vt(s.rounds[i],i),r=n.indexOf(t)+e;if(r>=0&&r<n.length)
return n[r];let o=s.rounds[i+e];if(!o)return null;let c=Vt(o,i+e);return e>0?c[0]:c[c.length-1]},zs=s=>{let t=s.rounds.
map(i=>{let n=ct(i),r=i.draft.filter(h=>h.verdict==="accepted").length;if(!n)return r/(1+s.deepest);let o=n.accept_prob===
null?0:4*n.accept_prob*(1-n.accept_prob),c=i.draft.some(h=>h.verdict==="discarded");return 1+ +(r>0)+Number(c)+o}),e=Math.
max(...t);return e>0?t.indexOf(e):s.rounds.length-1},Hs=(s,t,e=!1)=>{let i=t.beat>=2?t.round:e?t.round-1:-1,n=s.rounds[i];
if(!n)return null;let r=ct(n);return r?`${i}:${n.draft.indexOf(r)}`:n.final?`${i}:f`:`${i}:${Math.max(0,I(n))}`};var vn=24,kn=7,J={top:8,height:28},bt={top:48,height:58,most:12},Is=22,Ws=48;function Ce(s,t){return It(U(s,t)).acceptance}
var Xt=class{drawn=!1;run;width;size;pitch;most;asBars;cell;bottom;columns;curve;past;future;point;label;last;firstText;nowText;endText;under;constructor({
onRound:t}){this.onRound=t,this.note=a("span",{class:"chart-note"}),this.art=_("svg",{class:"chart-art",role:"group","a\
ria-label":l("stage.chart"),"data-test":"chart"}),this.node=a("figure",{class:"chart"},a("p",{class:"chart-title"},a("b",
{},l("stage.chart"))," ",this.note),this.art),this.art.addEventListener("click",e=>this.pick(e)),this.columns=[],this.playhead=
{n:0,index:0}}pick(t){let e=t.target.closest("[data-first]");e&&this.onRound(Number(e.dataset.first),e)}draw(t,e){Object.
assign(this,{run:t,width:e,drawn:!0});let i=t.rounds.length,n=Math.max(60,e-Ws);this.size=Math.max(1,Math.ceil(i*kn/n));
let r=Math.ceil(i/this.size);this.pitch=Math.min(vn,n/Math.max(1,r));let o=t.branched?t.deepest:t.longest;this.most=o,this.
asBars=this.size>1||o>bt.most,this.cell=this.asBars?bt.height:Math.min(14.5,(o>4?72:bt.height)/Math.max(1,o));let c=this.
asBars?bt.height:this.cell*o;this.bottom=bt.top+c;let h=this.bottom+Is;H(this.art,{viewBox:`0 0 ${e} ${h}`,width:e,height:h}),
this.describe(o),this.columns=Array.from({length:r},(f,m)=>this.column(m));let d=this.x(i-1);this.past=_("path",{class:"\
alpha-past"}),this.future=_("path",{class:"alpha-future"}),this.point=_("circle",{class:"alpha-point",r:4}),this.label=
_("text",{class:"alpha-label"}),this.last=_("text",{class:"alpha-last",x:Math.min(e-40,d+14)}),this.under=_("rect",{class:"\
chart-under",height:3,rx:1.5,width:Math.max(8,this.pitch-2),y:this.bottom+1}),this.firstText=_("text",{class:"chart-axi\
s",y:this.bottom+18,"text-anchor":"middle"}),this.nowText=_("text",{class:"chart-axis is-now",y:this.bottom+18,"text-an\
chor":"middle"}),this.endText=_("text",{class:"chart-axis",y:this.bottom+18,"text-anchor":"middle"});let p=[J.top,J.top+
J.height].map(f=>_("path",{class:"chart-grid",d:`M0 ${f}H${Math.min(n,d+this.pitch)}`})),u=this.art.contains(document.activeElement);
this.art.replaceChildren(...p,...this.columns,this.future,this.past,this.point,this.label,this.last,this.under,this.firstText,
this.nowText,this.endText),this.curve=this.measure(),this.show(Math.min(this.playhead.n,i),Math.min(this.playhead.index,
i-1)),u&&this.focusColumn(this.playhead.index)}describe(t){let e={n:t,alpha:l(kt(this.run.header)?"stage.chart_alpha":"\
stage.chart_kept"),size:this.size},i=this.run.rounds.every(r=>r.draft.length===t),n=this.size>1?"stage.chart_grouped":this.
run.branched?"stage.chart_levels":i?"stage.chart_of":"stage.chart_up_to";this.note.replaceChildren(l(n,e),a("span",{class:"\
chart-scale"},` ${l("stage.chart_scale")}`))}x(t){return(Math.floor(t/this.size)+.5)*this.pitch}column(t){let e=t*this.
size,i=this.run.rounds.slice(e,e+this.size),n=U(this.run,e),r=U(this.run,e+i.length),o={accepted:r.accepted-n.accepted,
drafted:r.drafted-n.drafted},c=this.size>1?l("stage.chart_group",{first:e+1,last:e+i.length,...o}):l("stage.chart_colum\
n",{round:e+1,...o}),h=t*this.pitch,d=this.asBars?this.bars(h,n,r,i.length):this.cells(i[0]).map(({verdict:p,place:u},f)=>this.
one(h,p,f,`${e}:${u}`));return _("g",{class:"column",role:"button",tabindex:"-1","data-first":e,"aria-label":c},_("rect",
{class:"column-hit",x:h,y:J.top,width:this.pitch,height:this.bottom-J.top+Is}),d)}cells(t){return this.run.branched?ms(
t):t.draft.map(({verdict:e},i)=>({verdict:e,place:i}))}one(t,e,i,n){let r=Math.min(4,this.cell*.28),o=this.pitch*.72,c=this.
cell-r,h=t+(this.pitch-o)/2,d=this.bottom-(i+1)*this.cell+r;if(e==="accepted")return _("rect",{class:"cell is-accepted",
"data-token":n,x:h,y:d,width:o,height:c,rx:Math.min(2.5,c/3)});let p=Math.min(c,o,10)/(e==="rejected"?10:16),u=`transla\
te(${t+this.pitch/2} ${d+c/2}) scale(${p}) translate(-8 -8)`;return _("path",{class:`cell is-${e}`,"data-token":n,d:es(
e),transform:u})}bars(t,e,i,n){let r=bt.height/(this.most*n||1),o=Math.max(2,this.pitch*.78),c=t+(this.pitch-o)/2,h=this.
bottom,d=u=>i[u]-e[u],p=this.run.branched?{accepted:d("accepted"),rejected:d("refusals")}:{accepted:d("accepted"),rejected:d(
"rejected"),discarded:d("discarded")};return Object.entries(p).map(([u,f])=>{let m=f*r;return h-=m,_("rect",{class:`bar\
-cell is-${u}`,x:c,y:h,width:o,height:m})})}measure(){let t=[];for(let e=1;e<=this.run.rounds.length;e++){let i=Ce(this.
run,e);i!==null&&(e%this.size===0||e===this.run.rounds.length)&&t.push([e,this.x(e-1),J.top+(1-i)*J.height])}return t}show(t,e){
if(this.playhead={n:t,index:e},!this.drawn)return;let i=this.run.rounds.length,n=Math.floor(e/this.size),r=Math.ceil(t/
this.size);this.columns.forEach((h,d)=>{h.classList.toggle("is-future",d>=r),d===n!=(h.getAttribute("tabindex")==="0")&&
h.setAttribute("tabindex",d===n?"0":"-1")});let o=h=>h.length?`M${h.map(([,d,p])=>`${d.toFixed(1)} ${p.toFixed(1)}`).join(
"L")}`:"",c=this.curve.filter(([h])=>h<=t);this.past.setAttribute("d",o(c)),this.future.setAttribute("d",o(this.curve.filter(
([h])=>h>=t))),this.headline(c,t,i),this.axis(e,i)}headline(t,e,i){let n=Ce(this.run,e),r=Ce(this.run,i),o=t.length>0&&
n!==null,c=o?t[t.length-1]:[0,0,0];for(let p of[this.point,this.label])p.style.display=o?"":"none";if(this.last.style.display=
r===null||e>=i?"none":"",r!==null&&(this.last.textContent=L(r),H(this.last,{y:J.top+(1-r)*J.height+4})),!o)return;H(this.
point,{cx:c[1],cy:c[2]}),this.label.textContent=l(kt(this.run.header)?"stage.alpha_at":"stage.kept_at",{share:L(n)});let h=c[1]>
this.width-Ws-40,d=c[2]<J.top+15?c[2]+19:c[2]-9;H(this.label,{x:h?c[1]+4:c[1]+8,"text-anchor":h?"end":"start",y:d})}axis(t,e){
let i=this.x(t),n=this.x(e-1);H(this.under,{x:i-Math.max(8,this.pitch-2)/2});for(let{node:r,at:o,text:c,seen:h}of[{node:this.
nowText,at:i,text:t+1,seen:!0},{node:this.firstText,at:this.x(0),text:1,seen:i-this.x(0)>22},{node:this.endText,at:n,text:e,
seen:n-i>26}])H(r,{x:Math.max(5,o)}),r.style.display=h?"":"none",g(r,String(c))}focusColumn(t){let e=this.columns[Math.
floor(t/this.size)];e&&e.focus()}};var Ds=(s,t,e)=>{let i=s.getBoundingClientRect(),n=t.map(({chip:r,to:o})=>({chip:r,from:r.getBoundingClientRect(),to:o.
getBoundingClientRect()}));for(let{chip:r,from:o,to:c}of n){let h=r.cloneNode(!0);for(let u of["data-token","data-test",
"aria-label","style"])h.removeAttribute(u);h.setAttribute("aria-hidden","true"),h.tabIndex=-1,h.className=`${r.className}\
 ghost`,h.style.left=`${o.left-i.left}px`,h.style.top=`${o.top-i.top}px`,s.append(h);let d=`translate(${c.left-o.left}p\
x, ${c.top-o.top-8}px) scale(.9)`,p=h.animate([{transform:"none",opacity:.9},{transform:d,opacity:0}],{duration:e,easing:"\
cubic-bezier(.3,.7,.3,1)"});p.onfinish=p.oncancel=()=>h.remove()}};var Gs=s=>{let t=R(s)?null:Re(s.settings.rule,s.hardware.dtype);if(!t)return[...Ks(s),Us(s,null)];let e=a("span",{class:"\
key-why",hidden:!0},t.title),i=a("button",{type:"button",class:"badge-button","aria-expanded":"false",on:{click:()=>{e.
hidden=!e.hidden,i.setAttribute("aria-expanded",String(!e.hidden))}}},t);return[...Ks(s),Us(s,i),e]};function Ks(s){let t=()=>a(
"span",{class:"key-more"},` ${l("stage.key_by")}`),e=(r,...o)=>a("span",{class:`key-item key-${r}`},a("span",{class:"ke\
y-line"}),a("span",{},o));if(R(s))return[e("plain",l("stage.key_plain"))];let i=zt(s)?[e("plain",l("stage.key_none"))]:
[],n=l(`stage.key_kept_${D(s)}`);return[e("accepted",n),e("correction",l("stage.key_correction"),t()),e("bonus",l("stag\
e.key_bonus"),t()),...i]}function _n({branching:s,draft_length:t}){return Array.isArray(s)?l("stage.setting_branching",
{value:s.join("·")}):s?l("stage.setting_dynamic",{value:t}):l("stage.setting_draft_length",{value:t})}function Us(s,t){
let{settings:e}=s,{rule:i}=e,n=R(s)?[]:[hs(i),_n(e)],r={temperature:0,top_k:0,top_p:1,min_p:0};for(let o of Object.keys(
r))e[o]!==void 0&&e[o]!==r[o]&&n.push(l(`stage.setting_${o}`,{value:e[o]}));return it(i).coins!=="none"&&e.seed!==void 0&&
n.push(l("stage.setting_seed",{value:e.seed})),a("span",{class:"key-settings"},a("span",{},n.join(" · ")),t)}var Re=(s,t="")=>{
let{lossless:e,coins:i}=it(s);if(e===void 0)return null;if(!e){let r=l(st(`stage.lossy_${s}`)?`stage.lossy_${s}`:"stage\
.lossy");return a("span",{class:"tag badge is-lossy",title:r},M("lossy"),l("stage.lossy"))}let n=i==="none"&&!/32|64/.test(
t)?"_half":"";return a("span",{class:"tag badge",title:l(`stage.lossless_${s}${n}`,{dtype:t})},M("lossless"),l("stage.l\
ossless"))};var Js=7.4,Qs=9,$n=360,Mn=[[16,18,4],[20,14,3],[28,12,3],[48,8,2],[1/0,5,1]],Vs=28;function Zs(s,t){let e=Array.from(O(
s));return e.length>t?`${e.slice(0,t-1).join("")}…`:e.join("")}function Sn(s,t,e){let{draft:i}=s.rounds[t],n=K(i,i[e].
parent).map(h=>i[h].text).join(""),r="";for(let h=t-1;h>=0&&r.trim().split(/\s+/).length<4;h--)r=Y(s.rounds[h]).map(d=>d.
text).join("")+r;r.trim().split(/\s+/).length<4&&!gt(s)&&(r=s.header.prompt.text+r);let o=r.replace(/\s+/g," ").split("\
 "),c=o.slice(-3).join(" ");return`${o.length>3?"… ":""}${(c+n).replace(/\s+/g," ").trim()}`}var Et=class s{run;index;size;onOpen;key;drawn;rows;asked;beside;longest;constructor(){
let t=`mask-${Math.random().toString(36).slice(2)}`;this.open=!1,this.fold=a("button",{type:"button",class:"mask-fold",
"aria-expanded":"false","aria-controls":t,"data-test":"mask-toggle",on:{click:()=>this.toggle()}},a("b",{},l("stage.mas\
k"))," ",a("span",{},l("stage.mask_pass")),M("next")),this.title=a("p",{class:"mask-title"},a("b",{},l("stage.mask")),"\
 ",a("span",{},l("stage.mask_pass"))),this.art=_("svg",{class:"mask-art",role:"listbox","aria-label":l("stage.mask_labe\
l"),"data-test":"mask"}),this.note=a("p",{class:"mask-note"}),this.reads=a("p",{class:"mask-reads","data-test":"mask-re\
ads"}),this.box=a("div",{class:"mask-box",id:t},this.title,a("div",{class:"mask-scroll"},this.art),a("div",{class:"mask\
-words"},this.note,this.reads)),this.node=a("aside",{class:"mask"},this.fold,this.box),this.rows=[],this.art.addEventListener(
"keydown",e=>this.walk(e))}static measure(t,e){let i=t<=Vs,n=e<$n?Qs-2:Qs,r=i?n*Js+12:8,o=Mn.filter(([c])=>t<=c&&(!i||c<=
Vs)).map(([,c,h])=>({cell:c,gap:h,pitch:c+h,letters:n,labelled:i,labels:r,width:r+(t+1)*(c+h)+h+12}));return o.find(({width:c})=>c<=
e)||o[o.length-1]}layout({beside:t,longest:e,room:i,branching:n}){let r=[t,e,i,n].join();this.asked!==r&&(this.asked=r,
this.beside=t,this.longest=e,this.node.classList.toggle("is-beside",t),this.fold.hidden=t,this.title.hidden=!t,this.size=
s.measure(e,i),g(this.note,l(n?"stage.mask_tree":"stage.mask_chain")),this.drawn=null,this.show())}toggle(){this.open=!this.
open,this.show(),this.run&&this.draw(this.run,this.index),this.open&&this.onOpen&&this.onOpen()}shown(){return this.beside||
this.open}show(){this.box.hidden=!this.shown(),this.fold.setAttribute("aria-expanded",String(this.open)),this.fold.classList.
toggle("is-open",this.open)}draw(t,e){if(Object.assign(this,{run:t,index:e}),!this.shown()||this.drawn===t.rounds[e])return;
let{draft:i}=t.rounds[e];this.drawn=t.rounds[e];let{pitch:n,labels:r,width:o,labelled:c,letters:h}=this.size,d=c?h*Js+8:
8,p=d+this.longest*n+6;H(this.art,{viewBox:`0 0 ${o} ${p}`,width:o,height:p});let u=x=>r+(x+1)*n+(x>=0?this.size.gap:0),
f=i.map(x=>Zs(x.piece,h)),m=c&&i.length?[Zs(l("stage.mask_text"),h+2),...f].map((x,k)=>this.column(x,u(k-1)+this.size.cell/
2,d-8,e,k-1,i)):[];this.rows=i.map((x,k)=>this.row(x,k,f[k],{x:u,y:d+k*n,labelled:c})),this.art.replaceChildren(...m,...this.
rows),this.node.classList.toggle("is-empty",!i.length);let{key:v}=this;this.key=null,this.tell(v)}column(t,e,i,n,r,o){let c=r<
0?{class:"mask-word is-text"}:{class:`mask-word is-${o[r].verdict}`,"data-token":`${n}:${r}`};return _("text",{...c,transform:`\
translate(${e} ${i}) rotate(-90)`,dy:".35em","aria-hidden":"true"},t)}row(t,e,i,{x:n,y:r,labelled:o}){let{draft:c}=this.
run.rounds[this.index],{cell:h,pitch:d,labels:p,width:u}=this.size,f=K(c,e),m=new Set(f),v=Math.min(4,h/4),x=(A,S)=>_("\
rect",{class:`mask-cell ${S}`,x:n(A),y:r,width:h,height:h,rx:v}),k=l("stage.mask_row",{token:O(t.piece),seen:f.slice(0,
-1).map(A=>O(c[A].piece)).join(", ")||l("stage.mask_none")}),E=(A,S)=>_("rect",{class:A,x:1,y:r-(d-h)/2-S,width:u-2,height:d+
2*S,rx:5});return _("g",{class:`mask-row is-${t.verdict}`,role:"option",tabindex:"-1","aria-selected":"false","aria-lab\
el":k,"data-token":`${this.index}:${e}`},E("mask-hit",0),o?_("text",{class:`mask-word is-${t.verdict}`,x:p-4,y:r+h/2,dy:"\
.35em","text-anchor":"end"},i):null,x(-1,"is-text"),c.map((A,S)=>o||m.has(S)?x(S,m.has(S)?"is-seen":""):null),E("mask-r\
ing",-1))}beat(t){this.node.classList.toggle("is-judged",t)}tell(t){let e=this.key===t;if(this.key=t,!this.shown()||!this.
drawn||e)return;let i=this.rows.findIndex(n=>n.dataset.token===t);this.rows.forEach((n,r)=>{n.setAttribute("aria-select\
ed",String(r===i)),n.classList.toggle("is-lit",r===i),n.setAttribute("tabindex",r===Math.max(0,i)?"0":"-1")}),g(this.reads,
i<0?l("stage.mask_point"):l("stage.mask_reads",{text:Sn(this.run,this.index,i)}))}walk(t){let e={ArrowDown:1,ArrowUp:-1}[t.
key],i=this.rows[this.rows.indexOf(document.activeElement)+e];!e||!i||(t.preventDefault(),i.focus())}};var Ne=30,Yt={roomy:{pitch:70,gap:58,chip:40,below:24},slim:{pitch:54,gap:40,chip:26,below:24},dense:{pitch:31,gap:44,chip:26,
below:8},list:{pitch:46,gap:20,chip:40,below:0}},En=30,An=8,Tn=128,Ln=8,On=18;function jn(s,t){let e=t>0?Y(s.rounds[t-1]):
[],i=!gt(s)&&s.header.prompt.tokens||[];return e[e.length-1]||i[i.length-1]||null}var Cn=(s,t)=>{let e=s.x+(t.x-s.x)*.55;
return`M${s.x} ${s.y}C${e} ${s.y} ${e} ${t.y} ${t.x} ${t.y}`},Rn=s=>s.querySelector(".chip").offsetWidth,Nn=(s,t)=>`M${s.
x} ${s.y}V${t.y-8}q0 8 8 8H${t.x}`,At=class s{resting=!1;run;counted;rows;most;size;tallest;placed;parents;tree;root;nodes;names;lines;path;constructor(){
this.heads=a("div",{class:"tree-heads","aria-hidden":"true"}),this.edges=_("svg",{class:"tree-edges","aria-hidden":"tru\
e"}),this.sweep=a("span",{class:"tree-sweep"}),this.canvas=a("div",{class:"tree-canvas"}),this.node=a("div",{class:"tre\
e-box",tabindex:"-1"},this.canvas)}rest(t){this.resting!==t&&(this.placed=!1),this.resting=t}layout(t,e,i){for(this.run!==
e&&Object.assign(this,{run:e,counted:0,rows:1,most:0});this.counted<e.rounds.length;this.counted++){let h=we(e.rounds[this.
counted]);this.most=Math.max(this.most,h.length),this.rows=Math.max(this.rows,ye(h).rows)}let{rows:n,most:r}=this,o=s.width(
e)>t,c=i&&r<=On?"list":n>Ln?"dense":o?"slim":"roomy";this.size=c,this.tallest=c==="list"?(r+1)*Yt.list.pitch:this.height(
n),this.node.dataset.size=c,this.placed=!1}static width(t){return 70+(t.deepest+1)*Tn}height(t){let{pitch:e,chip:i,below:n}=Yt[this.
size];return Ne+(t-1)*e+i+n}draw(t,e,i){let n=t.rounds[e],r=this.size==="list";this.parents=we(n),this.tree=r?bs(this.parents):
ye(this.parents);let o=jn(t,e);this.root=a("div",{class:"tree-root"},o?Z(o,"plain"):a("span",{class:"chip is-plain"},"…")),
this.nodes=i;let c=[...n.draft.map(p=>p.verdict),...n.final?[n.final.verdict]:[]];this.lines=c.map((p,u)=>_("path",{class:`\
edge is-${p}`,style:`--i:${u}`,"data-at":u<n.draft.length?null:"final"}));let h={discarded:0,rejected:1,accepted:2};this.
edges.replaceChildren(...this.lines.map((p,u)=>[h[c[u]]??3,p]).sort(([p],[u])=>p-u).map(([,p])=>p)),this.names=Array.from(
{length:this.tree.depth},(p,u)=>a("span",{"data-at":u<ft(n.draft)?null:"final"},l("stage.depth",{depth:u+1}))),this.heads.
replaceChildren(...this.names);let d=i.map((p,u)=>[r?this.tree.nodes[u].row:u,p]).sort(([p],[u])=>p-u);this.canvas.replaceChildren(
this.heads,this.edges,this.sweep,this.root,...d.map(([,p])=>p)),this.path=c.map((p,u)=>[p,u]).filter(([p])=>!["rejected",
"discarded"].includes(p)).map(([,p])=>p),this.placed=!1}measure(){if(this.placed||!this.tree)return null;let t=[...this.
nodes,this.root].map(Rn);return{chips:t,root:t.pop(),room:this.node.clientWidth-An}}settle(t){!t||!(t.room>0)||(this.placed=
!0,this.size==="list"?this.placeList(t):this.placeTree(t))}placeTree({chips:t,root:e,room:i}){let{pitch:n,gap:r,chip:o}=Yt[this.
size],c=[e];this.tree.nodes.forEach((x,k)=>{c[x.depth]=Math.max(c[x.depth]||0,t[k])});let h=i-c.reduce((x,k)=>x+k,0)-r*
this.tree.depth,d=r+Math.min(24,Math.max(En-r,h/Math.max(1,this.tree.depth))),p=c.map((x,k)=>c.slice(0,k).reduce((E,A)=>E+
A+d,0)),u=this.resting?this.height(this.tree.rows):this.tallest,f=Math.max(0,u-this.height(this.tree.rows))/2,m=({depth:x,
row:k})=>({x:p[x],y:Ne+f+k*n}),v=p[p.length-1]+c[c.length-1];this.put(m,{width:v,height:u}),this.names.forEach((x,k)=>{
x.style.left=`${p[k+1]}px`}),this.tree.nodes.forEach((x,k)=>{let E=this.parents[k],A=E<0?m(this.tree.root):m(this.tree.
nodes[E]),S={x:A.x+(E<0?e:t[E]),y:A.y+o/2},et=m(x);this.lines[k].setAttribute("d",Cn(S,{x:et.x,y:et.y+o/2}))}),this.look(
m,this.path.map(x=>this.tree.nodes[x]))}placeList({room:t}){let{pitch:e,gap:i,chip:n}=Yt.list,r=Math.min(i,Math.max(8,(t-
220)/Math.max(1,this.tree.depth))),o=({depth:h,row:d})=>({x:h*r,y:d*e}),c=this.resting?this.nodes.length+1:this.tallest/
e;this.put(o,{width:t,height:c*e}),this.tree.nodes.forEach((h,d)=>{let p=o(this.parents[d]<0?this.tree.root:this.tree.nodes[this.
parents[d]]),u=o(h);this.lines[d].setAttribute("d",Nn({x:p.x+r/2,y:p.y+n},{x:u.x,y:u.y+n/2})),this.nodes[d].style.maxWidth=
`${t-u.x}px`,this.nodes[d].style.width=`${t-u.x}px`})}put(t,{width:e,height:i}){let n=(r,{x:o,y:c})=>{r.style.left=`${o}\
px`,r.style.top=`${c}px`};this.canvas.style.width=`${e}px`,this.canvas.style.height=`${i}px`,this.edges.setAttribute("w\
idth",e),this.edges.setAttribute("height",i),n(this.root,t(this.tree.root)),this.nodes.forEach((r,o)=>n(r,t(this.tree.nodes[o])))}look(t,e){
let{node:i,tree:n}=this,r=[n.root,...e].map(p=>t(p).y),[o,c]=[Math.min(...r),Math.max(...r)],h=c-o<i.clientHeight-Ne;i.
scrollHeight>i.clientHeight+2&&(i.scrollTop=(h?(o+c)/2:r[r.length-1])-i.clientHeight/2);let d=e.length?t(e[e.length-1]).
x:0;i.scrollWidth>i.clientWidth+2&&(i.scrollLeft=d-i.clientWidth*.6)}};var Pn=6,qn=8,Fn=40,Bn=560,te=class{run;round;index;plain;stale;columns;width;bracket;chips;constructor(){this.title=a(
"h2",{class:"round-title"}),this.first=a("b"),this.second=a("span"),this.beats=dt.map(t=>a("li",{class:"beat"},l(`stage\
.beat_${t}`))),this.plan=a("p",{class:"plan","data-test":"plan",hidden:!0}),this.grid=a("div",{class:"guesses",role:"gr\
oup","data-test":"round"}),this.tree=new At,this.mask=new Et,this.foot=a("p",{class:"tree-foot"}),this.body=a("div",{class:"\
round-body"},this.grid),this.head=a("div",{class:"round-head"},this.title,a("p",{class:"sentence","data-test":"sentence"},
this.first," ",this.second),a("ol",{class:"beats","aria-hidden":"true"},this.beats)),this.node=a("section",{class:"roun\
d"},this.head,this.plan,this.body,this.foot),this.chips=new Map,this.tallest=0,this.highest=0}relax(){this.tallest=this.
highest=0,this.grid.style.minHeight=this.head.style.minHeight=""}layout(t,e){let{longest:i}=e,n=Math.max(5,i+1),r=i<=Pn&&
t>=150+n*118,o=e.branched?"tree":r?"columns":i<=qn?"rows":"cells";this.grid.dataset.layout==="tree"!==e.branched&&(this.
stale=!0),(this.grid.dataset.layout!==o||this.columns!==n||this.width!==t)&&this.relax(),this.width=t,this.columns=n,this.
grid.dataset.layout=o,this.grid.style.setProperty("--columns",String(n)),this.grid.classList.remove("is-tight"),this.plan.
hidden=e.header.settings.draft_length!=="auto",this.foot.hidden=!e.branched,this.layoutMask(t,e)}layoutMask(t,e){let i=t-
At.width(e)-Fn,n=e.branched&&i>=300&&Et.measure(e.longest,i).width<=i,r=!e.longest||R(e.header);this.mask.node.hidden=r;
let o=this.tree.size;e.branched&&this.tree.layout(t,e,t<Bn),this.tree.size!==o&&(this.stale=!0),this.mask.layout({beside:n,
longest:e.longest,room:n?i:t,branching:e.branched}),this.body.classList.toggle("has-mask",n);let c=n?this.body:this.node;
this.mask.node.parentNode!==c&&c.append(this.mask.node)}draw(t,e){let i=t.rounds[e],{rule:n}=t.header.settings;this.plain=
R(t.header),Object.assign(this,{run:t,round:i,index:e}),this.chips.clear(),g(this.title,l("stage.round",{round:e+1})),this.
node.classList.toggle("is-plain",this.plain),H(this.grid,{"data-plain":String(this.plain),"data-drafted":i.draft.length}),
this.grid.style.setProperty("--n",String(i.draft.length)),this.grid.classList.remove("is-tight"),this.tellPlan(i.plan),
this.grid.dataset.layout==="tree"?this.drawTree(t,e,n):this.drawChain(t,i,n),this.stale=!1}tellPlan(t){if(!t)return g(this.
plan,l("stage.plan_none"));let e=t.gain===null?"":t.gain.toFixed(2),i={length:t.draft_length,share:(100*t.acceptance).toFixed(
0),gain:e};g(this.plan,l(`plan.${t.kind}`,i))}drawChain(t,e,i){let n=e.draft.findIndex(c=>c.verdict==="rejected"),r=e.draft.
map((c,h)=>this.guess(c,h,Oe(c,i,Zt(t.header.settings,e,c)))),o=n>=0?n:e.draft.length;e.final&&r.splice(e.final.verdict===
"correction"?o+1:r.length,0,this.final(e,o)),this.bracket=a("div",{class:"bracket",hidden:!e.draft.length},a("span",{class:"\
sweep"})),this.grid.removeAttribute("aria-label"),this.grid.replaceChildren(...this.plain?[]:this.labels(t,e),this.bracket,
...r,...this.free(e))}drawTree(t,e,i){let{round:n}=this,{size:r}=this.tree,o=r==="dense"||r==="slim",c=n.draft.map((h,d)=>this.
guess(h,d,r==="dense"?[]:Oe(h,i,Zt(t.header.settings,n,h),!0),{mark:!0,small:o}));if(n.final){let h=this.finalChip(n.final,
o);c.push(a("div",{class:"final","data-verdict":n.final.verdict,style:`--i:${c.length}`},h,r==="dense"?null:a("span",{class:`\
numbers of-${n.final.verdict}`},l(`stage.${n.final.verdict}`))))}this.tree.draw(t,e,c),this.grid.setAttribute("aria-lab\
el",l("stage.tree_label",{n:n.draft.length,depth:ft(n.draft)})),this.grid.replaceChildren(this.tree.node),this.foot.replaceChildren(
...this.footer(t,n,i)),this.foot.classList.toggle("is-empty",!n.draft.length)}footer(t,e,i){let n=h=>e.draft.filter(d=>d.
verdict===h).length,r=h=>a("span",{class:`of-${h}`},M(h),l(`stage.ledger_${h}`,{n:n(h)})),o=a("span",{class:"tree-ledge\
r ledger","data-test":"tree-ledger"});C(o,"stage.ledger",{accepted:r("accepted"),rejected:r("rejected"),discarded:r("di\
scarded"),drafted:e.draft.length});let c=a("span",{class:"tree-walk"});return st(`stage.walk_${i}`)&&C(c,`stage.walk_${i}`,
{p:a("var",{class:"of-p"},"p")}),[c,o,a("span",{class:"tree-cost"},this.costs(t,e).filter(([,,h])=>h).map(([,h,d])=>`${h}\
: ${d}`).join(" · "))]}costs(t,e){let i=[l(`stage.row_${D(t.header)}`),l("stage.row_checks")];if(!e.passes||!e.seconds)
return[["guesses",i[0],""],["checks",i[1],""]];let n=e.passes.draft,r=n?l("stage.guess_passes",{n,time:qt(e.seconds.draft)}):
l("stage.guess_no_pass",{time:qt(e.seconds.draft)}),o=qt(e.seconds.verify),c=e.passes.target===1?l("stage.check_pass",{
time:o}):l("stage.check_passes",{n:e.passes.target,time:o});return[["guesses",i[0],r],["checks",i[1],c]]}labels(t,e){return[
...this.costs(t,e),["writes",l("stage.row_writes"),e.final?l("stage.writes_same"):""]].map(([n,r,o])=>a("div",{class:`r\
ow-label row-${n}`},a("span",{},r),a("small",{},o)))}guess(t,e,i,{mark:n=!1,small:r=!1}={}){let o=`${this.index}:${e}`,
c=Z(t,t.verdict,{tag:"button",mark:n,small:r,attributes:{type:"button","data-token":o,"data-verdict":t.verdict}});this.
chips.set(o,c);let h=n?null:a("span",{class:"verdict"},M(t.verdict),a("b",{},l(`stage.${t.verdict}`)));return a("div",{
class:"guess","data-verdict":t.verdict,style:`--i:${e}`},n?null:a("span",{class:"nth","aria-hidden":"true"},String(e+1)),
c,h,a("span",{class:"numbers"},i.map((d,p)=>a("span",{},d+(p<i.length-1?", ":"")))))}finalChip(t,e=!1){let i=`${this.index}\
:f`,n=l("stage.final_label",{token:O(t.piece),verdict:l(`stage.${t.verdict}`)}),r=Z(t,t.verdict,{tag:"button",small:e,mark:t.
verdict!=="plain",attributes:{type:"button","data-token":i,"data-verdict":t.verdict,"aria-label":n}});return this.chips.
set(i,r),r}final(t,e){let i=t.final,n=a("span",{});i.verdict==="correction"&&t.draft[e]?C(n,"stage.in_place",{token:a("\
q",{},ot(t.draft[e].piece,24))}):i.verdict==="bonus"?g(n,l("stage.free_token",{n:t.draft.length})):this.plain||g(n,l("s\
tage.alone_token"));let r=this.plain?0:e,o=r>=this.columns-2&&r>1;return a("div",{class:"final","data-verdict":i.verdict,
style:`--i:${r}`,"data-late":o},this.finalChip(i),a("div",{class:"final-note"},a("b",{class:`of-${i.verdict}`},l(`stage\
.${i.verdict}`))," ",n))}free(t){if(!t.draft.length||!t.final||t.draft.length>this.columns-1)return[];let e=t.final.verdict===
"bonus";return[a("p",{class:"free","data-kept":e,style:`--i:${t.draft.length}`},l("stage.free",{n:t.draft.length}))]}beat(t,e,{
still:i}){this.stale&&this.draw(t,this.index),this.mask.draw(t,this.index),this.node.dataset.beat=dt[e],this.node.classList.
toggle("is-still",i),this.beats.forEach((c,h)=>c.classList.toggle("is-now",h===e));let[n,r]=Qt(t,this.round,e);g(this.first,
n),g(this.second,r);let o=e>=2;this.mask.beat(o),this.round.draft.forEach((c,h)=>{let d=this.chip(h);d.classList.toggle(
"is-pending",!o),d.classList.toggle(`is-${c.verdict}`,o),d.setAttribute("aria-label",this.named(c,h,o))})}chip(t){return this.
chips.get(`${this.index}:${t}`)}named(t,e,i){let n={token:O(t.piece),n:e+1,of:this.round.draft.length,verdict:l(`stage.${t.
verdict}`)};if(this.grid.dataset.layout!=="tree")return l(i?"stage.chip_label":"stage.chip_pending",n);let r=this.round.
draft[t.parent],o={depth:K(this.round.draft,e).length,parent:r?O(r.piece):l("stage.root")};return l(i?"stage.node_label":
"stage.node_pending",{...n,...o})}tell(t){this.mask.tell(t)}refit(){return this.tree.placed=!1,this}measure(){if(!this.
round)return null;let{grid:t,round:e}=this,i=this.head.offsetHeight;if(t.dataset.layout==="tree")return{head:i,tree:this.
tree.measure()};let n=t.dataset.layout==="columns",r=e.final?this.chip("f"):null,[o,c]=n&&e.draft.length?[this.chip(0),
this.chip(e.draft.length-1)]:[];return{head:i,tight:n&&t.scrollWidth>t.clientWidth,bracket:o&&c?`${c.offsetLeft+c.offsetWidth-
o.offsetLeft}px`:"",chip:r?r.offsetWidth:0,height:t.offsetHeight}}settle(t){if(t){if(t.head>this.highest&&(this.highest=
t.head,this.head.style.minHeight=`${t.head}px`),"tree"in t)return this.tree.settle(t.tree);t.tight&&(this.grid.classList.
add("is-tight"),t={...this.measure(),tight:!1}),this.bracket.style.width=t.bracket,this.grid.style.setProperty("--chip",
`${t.chip}px`),!(t.height<=this.tallest)&&(this.tallest=t.height,this.grid.style.minHeight=`${t.height}px`)}}};var ee=128,zn=64,Pe=60,Hn=/[\u202a-\u202e\u2066-\u2069]/;function In(s,t){let e=s.text.length-s.text.trimStart().length,
i=Hn.test(s.text)?" is-apart":"";return a("span",{class:`token is-${s.verdict}${i}`,"data-token":t},s.text.slice(0,e),a(
"span",{class:"under"},s.text.slice(e)))}function Wn(s,t){let e=t.firstElementChild,i=e?.querySelector(".under").getClientRects()[0],
n=s.getClientRects();return!!(i&&n.length&&!/^\s*\n/.test(e.textContent))&&i.top>=n[n.length-1].bottom}var se=class{rounds;hidden;parted;shown;now;expanded;sweeping;constructor(){
this.prompt=a("span",{class:"text-prompt"}),this.body=a("span",{class:"text-body"}),this.ending=a("span",{class:"text-e\
nding tag is-future"}),this.caret=a("span",{class:"caret","aria-hidden":"true"}),this.flow=a("p",{class:"text-flow",dir:"\
auto","data-test":"text"},this.prompt,this.body," ",this.ending,this.caret),this.box=a("div",{class:"text-box",role:"gr\
oup","aria-label":l("stage.text")},this.flow),this.all=a("button",{type:"button",class:"text-all",hidden:!0,"aria-expan\
ded":"false",on:{click:()=>this.expand()}}),this.node=a("div",{class:"text"},this.box,this.all),this.clear()}clear(){clearTimeout(
this.sweeping),this.rounds=[],this.hidden=[],this.parted=0,this.shown=0,this.now=null,this.body.replaceChildren(),g(this.
ending,""),this.expand(!1)}build(t){g(this.prompt,t.header.prompt.text),this.prompt.classList.toggle("is-source",gt(t));
let e=document.createDocumentFragment();for(let i=this.rounds.length;i<t.rounds.length;i++){let n=Dn(t.rounds[i],i).map(
([o,c])=>In(o,c)),r=a("span",{class:"text-round is-future"},n);this.rounds.push(r),this.hidden.push(!0),e.append(r)}this.
body.append(e)}whole(t){this.node.classList.toggle("is-whole",t)}show(t,e){this.shown=t,clearTimeout(this.sweeping),this.
reveal(t-Pe,t+Pe,1/0),this.sweep();let i=t>0?this.rounds[t-1]:this.prompt;this.now!==i&&(this.now&&this.now.classList.remove(
"is-now"),this.now=i),i.classList.toggle("is-now",e&&t>0)}reveal(t,e,i){let n=Math.min(e,this.rounds.length);for(let r=Math.
max(0,t);r<n;r++){let o=r>=this.shown;if(this.hidden[r]!==o){if(i--<=0)return!0;this.hidden[r]=o,this.rounds[r].classList.
toggle("is-future",o)}}return!1}sweep(){this.hidden.some((t,e)=>t!==e>=this.shown)&&(this.sweeping=setTimeout(()=>{this.
reveal(0,this.rounds.length,Pe),this.sweep()},0))}end(t,e){g(this.ending,t),this.ending.classList.toggle("is-future",!e||
!t)}measure(){let{box:t,flow:e,now:i}=this,n=i?i.getClientRects():[];if(!n.length)return null;let r={first:n[0],last:n[n.
length-1],flow:e.getBoundingClientRect(),box:t.getBoundingClientRect()},o=this.expanded||t.scrollHeight>t.clientHeight+
2;return{...r,tall:o,cuts:r.flow.width===this.width?this.cuts():[]}}cuts(){let{rounds:t}=this,e=[],i=r=>Wn(t[r-1],t[r]),
n=this.parted;for(;t.length-n>=ee+zn;){let r=n?n+ee:1;if(n)for(;r>n&&!i(r);)r--;else for(;r<ee&&!i(r);)r++;if(r===n||r===
ee)break;e.push(r),n=r}return e}part(t){for(let e of t){let i=this.rounds[e],n=i.firstElementChild?.firstChild;if(n instanceof
Text&&i.before(n),this.parted){let r=a("span",{class:"text-part"});this.rounds[this.parted].before(r);for(let o=r.nextSibling;o&&
o!==i;o=r.nextSibling)r.append(o)}this.parted=e}}join(t){this.width=t;for(let e of this.body.querySelectorAll(".text-pa\
rt"))e.replaceWith(...e.childNodes);this.parted=0}settle(t){if(!t)return;let{first:e,last:i,flow:n,box:r}=t;n.width!==this.
width&&this.join(n.width),this.part(t.cuts),this.caret.style.transform=`translate(${i.right-n.left+2}px, ${i.top-n.top}\
px)`,this.caret.style.height=`${i.height}px`,this.all.hidden=!t.tall,this.node.classList.toggle("is-tall",t.tall),t.tall&&
!this.expanded?this.box.tabIndex=0:this.box.removeAttribute("tabindex"),!(this.expanded||!t.tall)&&(i.bottom+10>r.bottom?
this.box.scrollTop+=i.bottom+10-r.bottom:e.top-10<r.top&&(this.box.scrollTop+=e.top-10-r.top))}expand(t=!this.expanded){
this.expanded=t,this.node.classList.toggle("is-open",t),this.all.setAttribute("aria-expanded",String(t)),g(this.all,l(t?
"stage.show_less":"stage.show_all")),this.settle(this.measure())}span(t){return this.body.querySelector(`[data-token="${t}\
"]`)}};function Dn(s,t){let e=new Map(s.draft.map((i,n)=>[i,`${t}:${n}`]));return s.final&&e.set(s.final,`${t}:f`),Y(s).
map(i=>[i,e.get(i)])}var ie=class{formulas;asked;constructor(){this.lead=a("b"),this.rest=a("span"),this.totals=["acceptance","per_pass","ef\
ficiency"].map(t=>this.total(t)),this.ledger=a("p",{class:"ledger","data-test":"ledger"}),this.ending=a("p",{class:"end\
ing","data-test":"ending"}),this.formula=a("p",{class:"total-formula","aria-live":"polite"}),this.node=a("section",{class:"\
totals","data-test":"totals"},a("p",{class:"totals-title"},this.lead," ",this.rest),a("div",{class:"totals-row"},this.totals.
map(t=>t.node)),this.ledger,this.ending,this.formula)}total(t){let e=a("span",{class:"total-value"}),i=a("span",{class:"\
total-count"}),n=a("span",{class:"total-name"},l(`stage.${t}`)),r=()=>this.explain(t),o=()=>this.explain(null),c=a("but\
ton",{type:"button",class:"total","data-total":t,on:{focus:r,pointerenter:r,blur:o,pointerleave:o,click:r}},e,n,i);return{
kind:t,node:c,value:e,count:i,name:n}}explain(t){this.asked=t,g(this.formula,t&&this.formulas?this.formulas[t]:"")}show(t,e){
let i=U(t,e),n=It(i),r=i.accepted+i.refusals,o=l("stage.none_yet"),c=m=>m===null?o:L(m),h=n.perPass===null?o:n.perPass.
toFixed(1);g(this.lead,e===0?l("stage.totals_none"):e===1?l("stage.totals_one"):l("stage.totals_rounds",{n:e})),g(this.
rest,l("stage.totals_of",{rounds:t.rounds.length}));let d=R(t.header),p=(m,v,x)=>{g(this.totals[m].value,v),g(this.totals[m].
count,x),this.totals[m].node.hidden=d&&m!==1},u=kt(t.header)?"":"_kept";g(this.totals[0].name,l(`stage.acceptance${u}`)),
p(0,c(n.acceptance),l("stage.acceptance_count",{accepted:i.accepted,judged:r})),p(1,h,l("stage.per_pass_count",{tokens:i.
tokens,n:i.passes})),p(2,c(n.efficiency),l("stage.efficiency_count",{accepted:i.accepted,drafted:i.drafted})),this.formulas=
{acceptance:l(`stage.acceptance${u}_formula`,{accepted:i.accepted,judged:r,share:c(n.acceptance)}),per_pass:l("stage.pe\
r_pass_formula",{tokens:i.tokens,passes:i.passes,value:h}),efficiency:l("stage.efficiency_formula",{accepted:i.accepted,
drafted:i.drafted,share:c(n.efficiency)})},this.explain(this.asked||null),this.ledger.hidden=d;let f=m=>a("span",{class:`\
of-${m}`},M(m),l(`stage.ledger_${m}`,{n:i[m]}));C(this.ledger,"stage.ledger",{accepted:f("accepted"),rejected:f("reject\
ed"),discarded:f("discarded"),drafted:i.drafted})}};var Kn=[[.5,"½×"],[1,"1×"],[2,"2×"],[4,"4×"]],ne=class{constructor(t){let e=o=>a("button",{type:"button",class:`st\
ep step-${o}`,"data-test":o,"aria-label":l(`stage.${o}`),title:l(`stage.${o}`),on:{click:t[o]}},M(o));this.playButton=e(
"play"),this.playButton.append(M("pause")),this.slider=a("input",{type:"range",class:"slider",min:1,max:4,step:1,value:1,
"aria-label":l("stage.playhead"),"data-test":"playhead",on:{input:()=>t.scrub(Number(this.slider.value))}}),this.ticks=
[_("path",{}),_("path",{})];let i=(o,c)=>_("svg",{class:`ruler ruler-${o}`,preserveAspectRatio:"none","aria-hidden":"tr\
ue"},c);this.rulers=[i("ahead",this.ticks[0]),i("past",this.ticks[1])],this.position=a("span",{class:"position","data-t\
est":"position"});let n=Kn.map(([o,c])=>a("option",{value:o,selected:o===1},c)),r=a("select",{class:"pick","aria-label":l(
"stage.speed"),"data-test":"speed",on:{change:()=>t.speed(Number(r.value))}},n);this.node=a("div",{class:"transport",role:"\
group"},e("first"),e("previous"),this.playButton,e("next"),e("last"),a("div",{class:"scrub"},this.rulers,this.slider),this.
position,a("span",{class:"picker"},r,M("next")))}place({round:t,beat:e},i){let n=t*4+e+1;this.slider.value=String(n),this.
slider.setAttribute("aria-valuetext",l("stage.playhead_value",{round:t+1,rounds:i,beat:l(`stage.beat_${dt[e]}`)}));let r=(n-
1)/Math.max(1,i*4-1);this.rulers[1].style.clipPath=`inset(0 ${(100-r*100).toFixed(3)}% 0 -2px)`,g(this.position,l("stag\
e.position",{round:t+1,rounds:i}))}scale(t){let e=t*4-1,i=Math.max(1,this.slider.clientWidth),n=[1,5,10,50,100,500,1e3].
find(o=>i*o/t>9)||5e3,r=`M0 8H${e}M0 3V13`;for(let o=n;o<=t;o+=n)r+=`M${o*4-1} 3V13`;this.slider.max=String(t*4);for(let[
o,c]of this.rulers.entries())c.setAttribute("viewBox",`0 0 ${e} 16`),this.ticks[o].setAttribute("d",r)}moving(t){this.playButton.
classList.toggle("is-on",t);let e=l(t?"stage.pause":"stage.play");this.playButton.title!==e&&(this.playButton.title=e,this.
playButton.setAttribute("aria-label",e))}};var j=(s,t="")=>a("b",{class:"of-p"},s===0&&t?l("stage.cut_nothing",{by:t}):$(s)),Q=s=>a("b",{class:"of-q"},$(s)),z=()=>a(
"var",{},"u"),b=(s,t)=>C(a("p",{class:"why-sentence"}),s,t),pt=(...s)=>a("p",{class:"formula"},s),rt=()=>a("span",{class:"\
sign"},"="),w=(s,t=s.verdict)=>Z(s,t,{mark:t!=="plain",small:!0}),re=s=>Math.min(1,Math.max(0,s)),Tt=s=>"parent"in s;function qe({
target_prob:s,draft_prob:t},e){let[i,n]=Pt(s,t,e,(r,o)=>Math.min(1,r/o));return{p:a("b",{class:"of-p"},i),q:a("b",{class:"\
of-q"},n)}}function oe(s,t){let{p:e,q:i}=qe(s,t),n=a("span",{class:"formula-letters"},"min(1, ",a("i",{},"p"),"/",a("i",
{},"q"),")",rt());return pt(n,"min(1, ",e," / ",i,")",rt(),a("b",{},t))}var Fe=()=>a("span",{class:"formula-inline"},"m\
ax(0, ",a("i",{},"p")," − ",a("i",{},"q"),")");var Un=s=>{let t=a("span",{class:"why-chips"});return s.forEach((e,i)=>t.append(i?" ":"",w(e))),t};function ut({token:s,
round:t,branched:e}){if(!e)return[];let{nth:i,of:n,before:r}=lt(t.draft,s);if(n<2)return[];let o=t.draft[s.parent],c=o?
w(o):l("stage.root");return r.length?[b("stage.sibling_later",{nth:i,of:n,parent:c,before:Un(r)})]:[b("stage.sibling_fi\
rst",{nth:i,of:n,parent:c})]}var Be=({token:s,round:t})=>{if(s.verdict!=="rejected")return s;let e=t.draft.find(n=>n.parent===s.parent&&n.verdict===
"accepted"),i=s.parent===I(t)&&t.final&&t.final.verdict==="correction";return e||(i?t.final:null)};function Xs(s){let{token:t,
copied:e,round:i}=s,n=Be(s),r=t.verdict==="accepted",o=r?"match":n?"mismatch":"mismatch_other",c={token:w(t),p:j(t.target_prob),
q:Q(t.draft_prob),source:l(`stage.source_${s.family}`)};n&&Object.assign(c,{choice:w(n),best:j(n.target_prob)});let h=n&&
Tt(n)&&n!==t,{next:d}=s.branched?lt(i.draft,t):{next:null},p=r?"greedy_kept":h?"greedy_refused_sibling":d?"greedy_refus\
ed_next":n?"greedy_refused":"greedy_refused_end";return[...ut(s),b(`stage.greedy_${e?"copied_":""}${o}`,c),a("p",{class:`\
verdict-line of-${t.verdict}`},M(t.verdict),a("b",{},l(r?"stage.equal":"stage.differ"))),b(`stage.${p}`,{choice:n?w(n):
"",next:d?w(d):""})]}function ze(s,t,e,i=0){return a("div",{class:`bar bar-${s}`},a("span",{class:"bar-fill",style:t>0?`width:${t*100}%`:"di\
splay:none"}),a("span",{class:"bar-value",style:i>0?`margin-left:${i*100}%`:null},e))}function Gn(s){let{token:t,rule:e}=s,
i=t.verdict==="accepted"||t.verdict==="rejected"||t.verdict==="discarded",n=t.verdict==="rejected"||t.verdict==="correc\
tion";return{q:e!=="typical"&&e!=="match"?i||t.verdict==="correction":e==="match"&&i,residual:(e==="rejection"||e==="bl\
ock")&&n,ranks:e==="greedy"&&t.verdict!=="discarded",threshold:e==="typical"&&t.rule&&i?t.rule.threshold:null}}function Jn(s,t,e){
let[i,,n,,r]=e;if(t.residual)return r>0?null:l("stage.nothing_left");if(t.threshold!==null)return n>t.threshold?"":l("s\
tage.not_kept");let o=[];if(t.ranks){let h=Be(s);h&&h.id===i&&o.push(l("stage.first_choice"))}let c=s.token.verdict==="\
correction"?s.refused:t.q?s.token:null;return t.ranks&&c&&c.id===i&&o.push(l("stage.drafted")),s.rule==="match"&&s.drawn&&
s.drawn.id===i&&o.push(l("stage.drawn")),o.join(", ")}function Qn(s,t,[e,,i]){let{token:n,round:r,refused:o}=s;if(n.verdict===
"correction"&&o&&o.id===e)return"is-rejected of-rejected";let c=t.threshold!==null&&i<=t.threshold?"is-under":"";return n.
id===e?`${c} is-own is-${n.verdict} of-${n.verdict}`:n===o&&r.final&&r.final.verdict==="correction"&&r.final.id===e?"is\
-own of-correction":c}function Vn(s,t,e,i){let[,n,r,o,c]=e,h=l("stage.cut",{by:s.cut}),d={p:r===0&&s.cut?h:$(r),q:o===0&&
s.cut&&!s.copied?h:$(o)},p={token:O(n),...d,residual:L(c)},u=t.residual?"bar_row_residual":t.q?"bar_row_q":"bar_row",f=Jn(
s,t,e);return a("li",{class:`bars-row ${Qn(s,t,e)}`},a("span",{class:"heard"},`${l(`stage.${u}`,p)} ${f||""}`.trim()),a(
"span",{class:"bars-label","aria-hidden":"true"},ot(n,16)),a("div",{class:"bars-pair","aria-hidden":"true"},ze("p",r/i,
d.p,t.threshold===null?0:(Math.min(t.threshold,i)-r)/i),t.q?ze("q",o/i,d.q):null),a("div",{class:"bars-note","aria-hidd\
en":"true"},f===null?ze("residual",c,L(c)):f))}function Zn(s){return a("li",{class:"bars-row bars-head","aria-hidden":"\
true"},a("span",{}),a("div",{class:"bars-names"},C(a("b",{class:"of-p"}),"stage.bars_target",{p:a("var",{},"p")}),s.q?C(
a("b",{class:"of-q"}),"stage.bars_drafter",{q:a("var",{},"q")}):null),s.residual?a("b",{class:"of-residual"},l("stage.b\
ars_residual")):a("span",{}))}function Xn(s,t,e){let i=Math.min(1,s/t);return a("li",{class:"bars-row bars-line","aria-\
hidden":"true"},a("span",{}),a("div",{class:"bars-pair"},a("span",{class:"bars-threshold",style:`left:calc((100% - 48px\
) * ${i.toFixed(4)});--rows:${e}`},C(a("span",{}),"stage.threshold_line",{threshold:a("b",{},$(s))}))),a("span",{}))}var Ys=s=>{
let t=Gn(s),{top:e,tail:i}=s.token,n=Math.max(1e-9,...e.map(h=>Math.max(h[2],t.q?h[3]:0))),r=[j(i[0]),t.q?Q(i[1]):null],
o=a("li",{class:"bars-row bars-others"},a("span",{class:"bars-label"},l("stage.others")),a("div",{class:"bars-rest"},r),
a("div",{class:"bars-note"},t.residual?L(Math.min(1,Math.max(0,i[2]))):"")),c=t.threshold===null?null:Xn(t.threshold,n,
e.length);return a("ul",{class:`bars ${c?"has-line":""}`,"data-residual":t.residual,"data-alone":!t.q,"aria-label":l("s\
tage.bars_heading")},Zn(t),c,e.map(h=>Vn(s,t,h,n)),o)};function xt(s){let{token:t,round:e,copied:i,branched:n,refused:r}=s,o=b(i?"stage.behind_bars_copied":"stage.behind_bars",
{p:j(t.target_prob,s.cut),q:Q(t.draft_prob)});if(!n)return[r?b("stage.behind",{token:w(r)}):b("stage.behind_end"),o];let{
draft:c}=e,h=K(c,c.indexOf(t)).map(p=>c[p]).find(p=>p.verdict!=="accepted");if(h.verdict==="rejected")return[b("stage.b\
ehind",{token:w(h)}),o];let d=c.find(p=>p.parent===h.parent&&p.verdict==="accepted");return d?h===t?[b("stage.beside",{
kept:w(d)}),o]:[b("stage.behind_beside",{token:w(h),kept:w(d)}),o]:[b("stage.behind_end"),o]}var Yn=76,He=92,Lt=s=>s.coin!==null,Ie=s=>Lt(s)&&s.coin<s.rule.threshold,ei=s=>s.filter(t=>t.verdict==="accepted").length,
ti=s=>Lt(s)?l(Ie(s)?"stage.block_passes":"stage.block_fails"):l("stage.none_yet");function tr(s,t,{here:e,key:i}){let{product:n,
threshold:r}=s.rule,o=Ie(s),c=s.draft_prob>0?as(s.target_prob/s.draft_prob):"–",[h,d]=Lt(s)?W(s.coin,r):[l("stage.non\
e_yet"),$(r)],p=e?"is-here":"",u=(k,E,...A)=>a("div",{class:`block-cell block-${E} ${p} ${o?"is-pass":""}`,style:`grid-\
area:${k}/${t+2}`,"aria-hidden":"true"},A),f={n:t+1,token:O(s.piece),coin:h,threshold:d,outcome:ti(s)},m=Lt(s)?l("stage\
.block_heard",f):l("stage.block_heard_not",f),v=Z(s,s.verdict,{mark:!0,small:!0,attributes:{"data-token":i}}),x=a("div",
{class:"block-bar"},a("span",{class:"block-fill",style:`height:${r*100}%`}),Lt(s)?[a("span",{class:"block-coin",style:`\
bottom:${s.coin*100}%`}),a("b",{class:"block-value",style:`bottom:${s.coin*100}%`},h)]:null);return[a("span",{class:"he\
ard"},m),u(1,"chip",v),u(2,"number",c),u(3,"number",$(n)),u(4,"limit",d),u(5,"room",x),u(6,"outcome",ti(s))]}function er(s){
let t=ei(s),e=t+(t<s.length&&s[t].verdict==="rejected"?1:0),i=(r,o)=>l(r==="accepted"&&o>1?"stage.block_accepted":`stag\
e.${r}`),n=(r,o,c)=>o>r?[a("div",{class:`block-span is-${c} of-${c}`,style:`grid-area:7/${r+2}/8/${o+2}`},i(c,o-r))]:[];
return[...n(0,t,"accepted"),...n(t,e,"rejected"),...n(e,s.length,"discarded")]}function sr(s){let{round:t,index:e,token:i,
room:n}=s,{draft:r}=t,o=Math.max(Yn,Math.min(104,(n-He)/r.length)),c=(p,u,...f)=>a("div",{class:`block-name block-name-${u}`,
style:`grid-area:${p}/1`,"aria-hidden":"true"},f),h=()=>a("var",{},"h"),d=()=>a("var",{},"u");return a("div",{class:"bl\
ock",tabindex:r.length*o+He>n?"0":null,role:"group","aria-label":l("stage.block_label")},a("div",{class:"block-grid",style:`\
grid-template-columns:${He}px repeat(${r.length}, ${o}px)`},c(2,"ratio",a("i",{},"p/q")),c(3,"product",l("stage.block_p\
roduct")),c(4,"limit",l("stage.block_threshold")," ",h()),c(5,"scale",a("span",{},"1"),a("span",{class:"block-legend"},
a("span",{class:"block-coin"}),l("stage.block_coin")," ",d()),a("span",{class:"block-legend"},a("span",{class:"block-sw\
atch"}),l("stage.block_threshold")," ",h()),a("span",{},"0")),c(6,"test",d()," < ",h()),r.map((p,u)=>tr(p,u,{here:p===i,
key:`${e}:${u}`})),er(r)))}function ir({token:s,round:t}){let{draft:e}=t,i=ei(e)-1,n=e.indexOf(s),r={n:n+1,last:i+1,token:w(
s),refused:i+1<e.length?w(e[i+1]):""},o=Ie(s);return n>i+1?b("stage.block_behind",r):n===i+1?b(n===e.length-1?"stage.bl\
ock_stops":"stage.block_ends",r):t.final?n===i?b("stage.block_last",r):b(o?"stage.block_both":"stage.block_fails_yet",r):
b(o?"stage.block_ended":"stage.block_ended_yet",r)}var si=s=>{if(s.token.coin===null)return xt(s);let t=s.round.final?[
b("stage.block_writes",{token:w(s.round.final)})]:[];return[b("stage.block_lead",{last:a("b",{},l("stage.block_the_last"))}),
sr(s),ir(s),...t]},ii=({token:s,round:t,refused:e})=>{let i=I(t),n=i<0||!t.draft[i].rule?1:t.draft[i].rule.product,r=s.
top.find(p=>p[0]===s.id),o=[b("stage.block_residual",{refused:w(e||s),u:z(),coin:$(s.coin)})];if(!r)return o;let c=a("s\
pan",{class:"formula-letters"},"max(0, ",a("i",{},"P·p")," − ",a("i",{},"q"),")",rt()),h=Math.max(0,n*r[2]-r[3]);h>0&&
o.push(pt(c,"max(0, ",a("b",{},$(n))," · ",j(r[2])," − ",Q(r[3]),")",rt(),a("b",{},$(h))));let d=a("b",{class:"of-re\
sidual"},L(r[4]));return[...o,b("stage.residual_share",{token:w(s),share:d,p:j(s.target_prob)}),b(i<0?"stage.block_prod\
uct_start":"stage.block_product_here",{product:a("i",{},"P"),value:a("b",{},$(n))})]};function ni(s){let{token:t,round:e,refused:i}=s,n=t.verdict==="accepted"?t:t===i?e.final:null,r=a("b",{},L(t.target_prob)),
o=t.coin===null?"":$(t.coin),c=Math.min(1,t.draft_prob>0?t.target_prob/t.draft_prob:1);return s.drawn=n,[b(n?"stage.mat\
ch_drew":"stage.match_drew_other",{u:z(),coin:o,choice:n?w(n):"",token:w(t)}),a("p",{class:`verdict-line of-${t.verdict}`},
M(t.verdict),a("b",{},l(t.verdict==="accepted"?"stage.equal":"stage.differ"))),b("stage.match_chance",{p:j(t.target_prob,
s.cut),share:r}),b(c>t.target_prob?"stage.match_rival":"stage.match_rival_same",{token:w(t),share:a("b",{},L(c))}),oe(t,
$(c))]}function ri({token:s}){let e=Object.entries(s.said??{}).map(([i,n])=>a("p",{},l("stage.opaque_said",{name:i,value:JSON.
stringify(n)})));return[b("stage.opaque"),...e]}var tt=50;function nr(s,t,e){let[i,n]=[Math.min(s,t)*e,Math.max(s,t)*e],r=n-i<tt?(tt-(n-i))/2:0,o=e-tt/2,c=Math.min(Math.
max(i-r,tt/2),o-tt),h=Math.min(Math.max(n+r,c+tt),o);return s<=t?{accept:c,coin:h}:{accept:h,coin:c}}function oi(s,t,e,i){
let n=p=>`left:${re(p)*100}%`,o=s>=1?{coin:Math.min(Math.max(t*i,tt/2),i-tt/2)}:nr(s,t,i),c=(p,u,f="")=>a("span",{class:`\
tick ${f}`,style:`left:${p}px`},u),h=Object.entries(o).map(([p,u])=>c(u,a("b",{},e[p]))),d=p=>Object.values(o).every(u=>Math.
abs(p-u)>tt*.8);return d(4)&&h.push(c(0,"0","begins")),d(i-4)&&h.push(c(i,"1","ends")),a("div",{class:"coin",role:"img",
"aria-label":l("stage.coin_bar",{coin:e.coin,share:e.accept})},a("div",{class:"coin-sides"},s>=.1||s===1?a("b",{class:"\
of-accepted"},l("stage.side_accept")):null,s<1?a("b",{class:"of-rejected",style:s>.86?"right:0":n(s<.1?s:Math.max(s,.12))},
l("stage.side_reject")):null),a("div",{class:"coin-track"},a("span",{class:"coin-accept",style:`width:${re(s)*100}%`}),
a("span",{class:"coin-reject",style:`left:${re(s)*100}%`}),a("span",{class:"coin-head",style:n(t)},a("var",{},"u"))),a(
"div",{class:"coin-ticks"},h))}function rr(s,t){let{token:e,round:i,copied:n,branched:r}=s,o=e.target_prob>=e.draft_prob,c=r&&lt(i.draft,e).before.length>
0,h=e.draft_prob===1&&e.draft_coin===null,d=n?"gave_copied":h?"gave_certain":c?"gave_left":o?"gave_more":"gave_less",p=o&&
d!=="gave_more"?`${d}_sure`:d;return b(`stage.${p}`,{...qe(e,t),source:l(`stage.source_${s.family}`)})}var ai=()=>a("b",
{class:"of-residual"},l("stage.residual"));function ci({round:s,branched:t,token:e},i,n){let{next:r}=t?lt(s.draft,e):{next:null};
return r?b(`${i}_next`,{...n,formula:Fe(),next:w(r)}):s.final?b(i,{...n,formula:Fe(),token:w(s.final)}):b(`${i}_end`,n)}
function or(s){let{token:t,cut:e}=s,i={q:Q(t.draft_prob),by:e,token:w(t),residual:ai()};return[b("stage.gave_cut",i),ci(
s,"stage.cut_refused",i)]}function li(s){let{token:t}=s,e=t.coin===null?null:W(t.coin,t.accept_prob),i=e?e[1]:$(t.accept_prob);
if(t.target_prob===0&&s.cut)return[...ut(s),...or(s)];let n=[...ut(s),rr(s,i),oe(t,i)];if(!e)return n;n.push(oi(t.accept_prob,
t.coin,{coin:e[0],accept:i},s.room));let r={u:z(),coin:e[0],share:i,token:w(t),residual:ai()};return t.verdict==="accep\
ted"?[...n,b("stage.coin_below",r)]:[...n,ci(s,"stage.coin_not_below",r)]}function hi(s){let{token:t,refused:e,rule:i,round:n}=s,r=s.branched&&e?n.draft.filter(p=>p.parent===e.parent&&p.verdict===
"rejected").length:1;if(!e)return We(s);if(i==="greedy"){let p={token:w(e),choice:w(t),p:j(t.target_prob),n:r};return[b(
r>1?"stage.from_greedy_tree":"stage.from_greedy",p),b("stage.greedy_same_pass")]}if(i==="match")return[b("stage.from_ma\
tch",{token:w(t),refused:w(e),u:z(),coin:$(t.coin),p:j(t.target_prob)})];let o=t.top.find(p=>p[0]===t.id),c=t.coin===null?
"from_residual_no_coin":r>1?"from_residual_tree":"from_residual",h=[b(`stage.${c}`,{token:w(e),n:r,u:z(),coin:t.coin===
null?"":$(t.coin)})];if(o&&o[2]>o[3]){let p=a("span",{class:"formula-letters"},"max(0, ",a("i",{},"p")," − ",a("i",{},
"q"),")",rt()),u=$(o[2]-o[3]),[f,m]=Pt(o[2],o[3],u,(k,E)=>k-E),[v,x]=[a("b",{class:"of-p"},f),a("b",{class:"of-q"},m)];
h.push(pt(p,"max(0, ",v," − ",x,")",rt(),a("b",{},u)))}let d=o?a("b",{class:"of-residual"},L(o[4])):"";return o&&h.push(
b(r>1?"stage.residual_share_tree":"stage.residual_share",{token:w(t),share:d,p:j(t.target_prob)})),h}function We(s){let{
token:t,round:e,alone:i,branched:n}=s,r=e.draft.length,o=t.verdict!=="bonus"?b(i?"stage.plain_why_alone":"stage.plain_w\
hy"):n?b("stage.bonus_why_tree"):b("stage.bonus_why",{n:r}),c={u:z(),token:w(t),p:j(t.target_prob)};return t.coin===null?
[o,b("stage.bonus_greedy",c)]:[o,b("stage.bonus_drawn",{...c,coin:$(t.coin)})]}function ar(s,{epsilon:t,delta:e},i){let n=i.split(".")[1]?.length??0,r=c=>Math.min(t,e*Math.exp(-Number(c))).toFixed(n)===
i,o=[2,3,4,5].map(c=>s.toFixed(c));return o.find(r)??o[0]}function cr({token:s,settings:t}){let{threshold:e,entropy:i}=s.
rule,[n,r]=W(s.target_prob,e),o=a("span",{class:"sign"},s.target_prob>e?">":"≤"),c=(...u)=>a("sup",{},"−",u),h=a("s\
pan",{class:"formula-letters"},"min(ε, δ·","e",c(a("i",{},"H")),")",a("span",{class:"sign"},"=")),p=t.epsilon!==void 0&&
t.delta!==void 0&&i!==void 0?["min(",String(t.epsilon),", ",String(t.delta),"·e",c(ar(i,t,r)),")",a("span",{class:"sig\
n"},"=")]:[];return pt(a("b",{class:"of-p"},n),o,h,p,a("b",{},r))}function di(s){let{token:t,round:e}=s,i=t.verdict==="\
accepted",n=t.target_prob>t.rule.threshold,r=i?"typical_kept":n?"typical_shorter":"typical_refused",o=[...ut(s),b(`stag\
e.${r}`,{token:w(t)}),cr(s),a("p",{class:"formula-note"},l("stage.typical_letters"))];return i?s.branched||s.copied||t.
draft_coin===null||t.draft_prob<=t.target_prob?[...o,pi("typical_bends",{})]:[...o,pi("typical_cost",{token:w(t),q:a("b",
{class:"of-q"},L(t.draft_prob)),p:a("b",{class:"of-p"},L(t.target_prob))})]:e.final&&t===s.refused?[...o,b("stage.typic\
al_then",{token:w(e.final)})]:o}function pi(s,t){let e=b(`stage.${s}`,t);return e.classList.add("is-warning"),e}var ui=s=>{
let{token:t,refused:e}=s;if(t.verdict==="correction"){let c={refused:e?w(e):"",token:w(t),p:j(t.target_prob),u:z(),coin:t.
coin===null?"":$(t.coin)};return[b(e?"stage.typical_correction":"stage.typical_correction_end",c),b(t.coin===null?"stag\
e.typical_first":"stage.bonus_drawn",c)]}if(t.verdict!=="discarded")return di(s);let{draft:i,final:n}=s.round,r=K(i,i.indexOf(
t));return r.some(c=>i[c].verdict==="rejected")||!n&&r.includes(I(s.round))||!(t.target_prob>t.rule.threshold)?xt(s):di(
s)};var fi=s=>{let{token:t,rule:e}=s;return t.kind==="opaque"?ri(s):Tt(t)&&e==="block"&&t.rule?si(s):e==="typical"&&(Tt(t)?
t.rule:t.verdict==="correction")?ui(s):e==="block"&&t.verdict==="correction"?ii(s):t.verdict==="discarded"?xt(s):t.verdict===
"correction"?hi(s):t.verdict==="bonus"||t.verdict==="plain"?We(s):e==="match"?ni(s):t.accept_prob===null?Xs(s):li(s)};function lr(s,{token:t,rule:e,round:i}){if(e==="block"&&"parent"in t&&t.kind==="judged"&&t.coin!==null){let n=i.draft.filter(
r=>r.verdict==="accepted").length;return C(s,n?"stage.why_block":"stage.why_block_none",{n})}return C(s,`stage.why_${t.
verdict}`,{token:w(t)})}var ae=class{room;constructor({onStep:t,onRelease:e}){this.head=a("h3",{class:"why-title",id:`w\
hy-${Math.random().toString(36).slice(2)}`}),this.back=a("button",{type:"button",class:"why-step","data-test":"why-prev\
ious",on:{click:()=>t(-1)}}),this.forth=a("button",{type:"button",class:"why-step","data-test":"why-next",on:{click:()=>t(
1)}}),this.pin=a("button",{type:"button",class:"why-pin","data-test":"why-unpin",hidden:!0,"aria-label":l("stage.unpin"),
title:l("stage.unpin"),on:{click:e}},M("pin"),l("stage.pinned")),this.lossy=a("span",{class:"why-lossy",hidden:!0}),this.
where=a("span",{class:"tag",hidden:!0}),this.left=a("div",{class:"why-reasons"}),this.right=a("div",{class:"why-bars"}),
this.node=a("section",{class:"why","data-test":"why","aria-labelledby":this.head.id},a("div",{class:"why-head"},this.head,
this.where,this.lossy,a("div",{class:"why-steps"},this.pin,this.back,this.forth)),a("div",{class:"why-body"},this.left,
this.right)),this.tallest=0}relax(){this.tallest=0,this.node.style.minHeight=""}measure(){return{height:this.node.offsetHeight,
room:this.left.clientWidth}}settle({height:t,room:e}){this.room=e,!(t<=this.tallest)&&(this.tallest=t,this.node.style.minHeight=
`${t}px`)}wait(t){this.node.dataset.token="",this.head.replaceChildren(l("stage.why_label")),this.left.replaceChildren(
t>0?b("stage.waiting_round",{round:t+1}):b("stage.waiting")),this.right.replaceChildren(),this.where.hidden=!0,this.back.
hidden=this.forth.hidden=!0}show(t,e,i,{pinned:n,here:r}){t.room=this.room||300,this.node.dataset.token=t.key,this.node.
dataset.verdict=t.token.verdict,lr(this.head,t),this.where.hidden=t.index===r,g(this.where,l("stage.round",{round:t.index+
1})),this.lossy.hidden=it(t.rule).lossless!==!1||t.alone,this.lossy.replaceChildren(...[Re(t.rule)].filter(c=>c!==null)),
this.left.replaceChildren(...fi(t)),this.right.hidden=t.token.kind==="opaque";let o=t.rule==="greedy"?[a("p",{class:"fo\
rmula-note"},l("stage.bars_greedy"))]:[];this.right.replaceChildren(...this.right.hidden?[]:[Ys(t),...o]),this.steps(e,
i),this.pin.hidden=!n}steps(t,e){this.back.hidden=this.forth.hidden=!1,this.back.disabled=!t,this.forth.disabled=!e;let i=n=>n?
ot(n.piece.trim()||n.piece,10):"";this.back.replaceChildren(a("span",{class:"keycap"},M("left")),a("span",{class:"why-n\
ear"},i(t))),this.forth.replaceChildren(a("span",{class:"why-near"},i(e)),a("span",{class:"keycap"},M("right"))),this.back.
setAttribute("aria-label",`${l("stage.why_previous")}${t?`: ${O(t.piece)}`:""}`),this.forth.setAttribute("aria-label",`${l(
"stage.why_next")}${e?`: ${O(e.piece)}`:""}`)}};var q=3,De=250,hr=12,dr=40,pr=250,ur=17,fr=3,gi=".chip[data-token], .mask-row",mr=[" ","Home","End"],gr=900,mi=({target:s})=>s instanceof
Element&&s.matches(gi),Ke=class{noticeNode=a("p",{class:"notice",role:"status","data-test":"notice",hidden:!0});tag=a("\
span",{class:"tag"});origin=a("span",{class:"origin"});runLive=a("button",{type:"button",class:"quiet-button run-live",
"data-test":"run-live",hidden:!0,on:{click:()=>this.options.onRunLive?.()}},l("stage.run_live"));text=new se;key=a("div",
{class:"key"});round=new te;why=new ae({onStep:t=>this.stepToken(t),onRelease:()=>this.release()});chart=new Xt({onRound:t=>this.
visit(t)});totals=new ie;transport=new ne({first:()=>this.jump(0,0),previous:()=>this.step(-1),next:()=>this.step(1),last:()=>this.
toEnd(),play:()=>this.playing||this.following?this.pause():this.play(),scrub:t=>this.scrub(t),speed:t=>this.setSpeed(t)});heard=a(
"p",{class:"heard","aria-live":"polite","data-test":"heard"});overview=a("div",{class:"overview"},this.chart.node,this.
totals.node);body=a("div",{class:"stage-body",hidden:!0},a("div",{class:"provenance","data-test":"provenance"},this.tag,
this.origin,this.runLive),this.text.node,this.key,this.transport.node,this.round.node,this.why.node,this.overview);run;reader=new mt;at={
round:0,beat:0};playing=!1;live=!1;following=!1;wished={hover:null,focus:null,pin:null};speed=1;growing=!1;rested=0;charted=!1;moving=!1;adopted=!1;over=!1;ended="";heardAt=0;width=0;liveAsked;drawn=null;explained=null;explainedRun;timer;slice;hearing;charting;later;onKey=t=>this.
typed(t);onFonts=()=>this.run&&this.settle([this.round.refit(),this.text]);sizes=new ResizeObserver(()=>this.resize());constructor(t,e){
this.element=t,this.options=e,t.classList.add("specdec","specdec-stage"),t.replaceChildren(this.noticeNode,this.body,this.
heard),this.listen()}listen(){let t=i=>this.point("hover",i),e=i=>{i.relatedTarget?.closest?.("[data-token]")||this.point(
"hover",null)};this.element.addEventListener("pointerover",i=>{i.pointerType!=="touch"&&t(i)}),this.element.addEventListener(
"pointerout",e),this.element.addEventListener("focusin",i=>{mi(i)&&this.point("focus",i)}),this.element.addEventListener(
"focusout",i=>{mi(i)&&this.point("focus",null)}),this.element.addEventListener("click",i=>this.press(i)),document.addEventListener(
"keydown",this.onKey),document.fonts.addEventListener("loadingdone",this.onFonts),this.sizes.observe(this.element)}destroy(){
document.removeEventListener("keydown",this.onKey),document.fonts.removeEventListener("loadingdone",this.onFonts),this.
sizes.disconnect(),clearTimeout(this.timer),clearTimeout(this.slice),clearTimeout(this.hearing),clearTimeout(this.charting),
clearTimeout(this.later),clearTimeout(this.text.sweeping),this.run=null,this.element.replaceChildren()}show(t,{live:e}={}){
this.reader.clear(),this.adopted=!1,this.liveAsked=e,this.append(t)}append(t){this.reader.append(t),this.read()}cut(){this.
liveAsked=!1,this.read()}isLive(t){return t.footer||t.header.source!=="live"?!1:this.liveAsked===void 0||this.liveAsked===
null?!0:!!this.liveAsked}read(){clearTimeout(this.slice);let{reader:t}=this,e=t.runs[0]&&this.isLive(t.runs[0]),i=t.parse(
{budget:hr,whole:!e&&this.liveAsked!==!0}),n=t.runs[t.runs.length-1];if(i&&(this.slice=setTimeout(()=>this.read(),0)),t.
error)return this.complain(this.run&&!this.adopted?l("stage.notice_kept",{sentence:t.error}):t.error);if(!n)return i?void 0:
this.complain(this.run?l("stage.notice_empty_kept"):l("stage.notice_empty"));if(!n.rounds.length)return i?void 0:this.barren(
n);this.adopted?this.soon():(!i||this.isLive(n))&&this.adopt(n)}barren(t){if(this.isLive(t))return this.complain(l("sta\
ge.notice_reading"),"quiet");let e=t.footer&&t.footer.reason!=="length"?this.endingOf(t):l("stage.notice_no_rounds");this.
complain(this.run?l("stage.notice_kept",{sentence:e}):e)}complain(t,e="loud"){this.noticeNode.hidden=!t,this.noticeNode.
dataset.tone=e,g(this.noticeNode,t),this.state()}adopt(t){this.adopted=!0,this.run=t,this.stop(),this.wished={hover:null,
focus:null,pin:null},this.drawn=null,this.body.hidden=!1,this.charted=!1,this.text.clear(),this.round.relax(),this.introduce(
t),this.live=this.isLive(t),this.following=this.live,this.at={round:0,beat:0},this.text.whole(!1),this.round.tree.rest(
!1),this.grow(),this.why.relax(),this.live||this.open()}open(){if(vt()||this.options.autoplay===!1)return this.set(this.
run.rounds.length-1,q,{still:!0,silent:!0});this.set(0,0,{still:!0,silent:!0});let t=new IntersectionObserver(e=>{e.some(
i=>i.isIntersecting)&&(t.disconnect(),this.at.round===0&&this.at.beat===0&&this.play())});t.observe(this.element)}soon(){
this.growing||(this.growing=!0,this.drawRested())}drawRested(){let t=this.rested-performance.now();t>0?setTimeout(()=>this.
drawRested(),t):requestAnimationFrame(()=>this.draw())}draw(){let t=performance.now();if(t<this.rested)return this.drawRested();
this.growing=!1,!(!this.run||!this.adopted)&&(this.grow(),requestAnimationFrame(()=>this.breathe(t)))}breathe(t){let e=performance.
now();this.rested=e+fr*Math.max(0,e-t-ur)}grow(){let{run:t}=this,e=this.live;this.live=this.isLive(t),this.transport.scale(
t.rounds.length),this.text.build(t),this.live&&this.charted?this.chartLater():this.layout(),this.finish(),e&&!this.live&&
this.following?this.land():this.following?this.follow():this.render({still:!0,same:!0,lazy:!0}),e&&!this.live&&(this.following=
!1),this.state()}land(){this.following=!1,this.text.whole(!0),this.held(!0)||this.set(zs(this.run),q,{still:!0,silent:!0}),
this.tellReader(this.endingOf(this.run))}follow(){this.held(!0)||this.set(this.run.rounds.length-1,q,{still:!0})}held(t){
if(this.over)return!0;let e=document.activeElement;return t&&(this.round.grid.contains(e)||this.why.node.contains(e))}introduce(t){
let{header:e}=t,i=e.source==="recorded"||this.liveAsked===!1;g(this.tag,l(i?"stage.recorded":"stage.live")),this.tag.title=
l(i?"stage.recorded_title":"stage.live_title"),document.activeElement===this.runLive&&!i&&this.transport.playButton.focus(
{preventScroll:!0}),this.runLive.hidden=!(i&&this.options.onRunLive),g(this.origin,ds(e).join(" · ")),this.key.replaceChildren(
...Gs(e))}endingOf(t){if(!t.footer)return this.isLive(t)?l("stage.ended_running"):l("stage.ended_cut");let{reason:e,message:i}=t.
footer;return e==="error"?i?l("stage.ended_error",{message:yt(i)}):l("stage.ended_error_unknown"):["eos","length","stop",
"cancelled"].includes(e)?l(`stage.ended_${e}`,{limit:t.header.settings.max_new_tokens}):e}finish(){let{run:t}=this;this.
ended=t.footer?t.footer.reason:this.live?"":"cut";let e=this.endingOf(t);g(this.totals.ending,e),this.complain(this.ended===
"error"||this.ended==="cut"?e:"")}set(t,e,{still:i=!1,lazy:n=!1,silent:r=!1}={}){let o=this.run.rounds.length-1;this.at=
{round:Math.min(Math.max(0,t),o),beat:Math.min(Math.max(0,e),q)},this.render({still:i,lazy:n,silent:r})}atEnd(){return this.
at.round===this.run.rounds.length-1&&this.at.beat===q}jump(t,e,i=!1){this.run&&(this.stop(),this.following=!1,this.set(
t,e,{still:!0,lazy:i}),this.state())}visit(t){this.jump(t,q)}step(t){if(!this.run)return;let e=this.at.round*4+this.at.
beat+t;e<0||e>=this.run.rounds.length*4||(this.stop(),this.following=!1,this.set(Math.floor(e/4),e%4,{still:t<0}),this.
state())}stepRound(t){if(!this.run)return;let e=this.chart.art.contains(document.activeElement);this.jump(this.at.round+
t,q),e&&this.chart.focusColumn(this.at.round)}toEnd(){this.run&&(this.jump(this.run.rounds.length-1,q),this.following=this.
live,this.state())}scrub(t){this.run&&this.jump(Math.max(1,Math.round(t/4))-1,q,!0)}play(){if(!(!this.run||this.playing)){
if(this.atEnd()&&this.live)return this.following=!0,this.state();clearTimeout(this.hearing),this.text.whole(!1),this.round.
tree.rest(!1),this.atEnd()&&this.set(0,0,{}),this.playing=!0,this.over=!1,this.state(),this.schedule()}}pause(){this.stop(),
this.following=!1,this.state(),this.tellReader()}stop(){this.playing=!1,clearTimeout(this.timer)}schedule(){clearTimeout(
this.timer),this.timer=setTimeout(()=>this.beat(),De/this.speed)}beat(){if(!this.playing)return;if(this.held())return this.
schedule();if(this.atEnd())return this.stop(),this.following=this.live,this.state();let t=this.at.round*4+this.at.beat+
1;this.set(Math.floor(t/4),t%4,{}),this.schedule()}setSpeed(t){this.speed=t,this.element.style.setProperty("--beat",`${De/
t}ms`),this.playing&&this.schedule()}render({still:t=!1,same:e=!1,lazy:i=!1,silent:n=!1}={}){if(!this.run)return;clearTimeout(
this.later);let r=t||vt();this.renderRun(),i?(this.settle([this.text]),this.later=setTimeout(()=>{this.renderRound(r),this.
settle([this.round]),this.later=setTimeout(()=>this.renderWhy(),dr)},0)):(this.renderRound(r),this.explain(),this.settle()),
!e&&!n&&!this.playing&&!this.following&&this.tellReader(),!r&&this.at.beat===q&&this.fly(),this.state()}renderRun(){let{
run:t,at:e}=this,i=e.beat>=2?e.round+1:e.round;this.text.show(e.beat===q?e.round+1:e.round,e.beat===q),this.text.end(this.
ended?l(`stage.mark_${this.ended}`):"",!!this.ended&&this.atEnd()),this.chart.show(i,e.round),this.totals.show(t,i),this.
transport.place(e,t.rounds.length)}renderRound(t){let{run:e,at:i}=this;if(this.drawn!==i.round){let n=this.focusedPlace();
this.round.draw(e,i.round),this.drawn=i.round,this.refocus(n)}this.round.beat(e,i.beat,{still:t}),this.light(this.explained?
this.subject():null)}renderWhy(){this.explain(),this.settle([this.why])}settle(t=[this.round,this.why,this.text]){let e=t.
map(i=>({view:i,seen:i.measure()}));for(let{view:i,seen:n}of e)i.settle(n)}rest(){this.moving=!1,this.round.relax(),this.
round.tree.rest(!0),this.why.relax(),this.explain(),this.settle()}state(){let{element:t,run:e,at:i}=this,n=t.dataset;n.
state=e?this.live&&this.following?"live":this.playing?"playing":"paused":"empty",n.following=String(this.following),e&&
(n.round=String(i.round+1),n.rounds=String(e.rounds.length),n.beat=dt[i.beat],n.ended=this.ended);let r=this.playing||this.
live&&this.following;this.transport.moving(r),this.moving&&!r&&this.rest(),this.moving=r}resize(){!this.run||!this.element.
clientWidth||this.width!==this.element.clientWidth&&(this.layout(),this.transport.scale(this.run.rounds.length),this.why.
relax(),this.renderRound(!0),this.settle(),this.explained=null,this.renderWhy())}chartLater(){this.charting||(this.charting=
setTimeout(()=>this.layout(),pr))}layout(){if(clearTimeout(this.charting),this.charting=void 0,this.charted=!0,this.width=
this.element.clientWidth,!this.width){this.chart.drawn=!1;return}this.round.layout(this.width,this.run),this.chart.node.
hidden=this.run.longest===0,this.overview.classList.toggle("is-plain",this.run.longest===0),this.chart.node.hidden?this.
chart.drawn=!1:this.chart.draw(this.run,this.chart.node.clientWidth||this.width)}fly(){let t=[...this.round.chips].map(
([e,i])=>({chip:i,to:this.text.span(e)})).filter(({chip:e,to:i})=>i&&e.offsetParent);Ds(this.element,t,De*1.2/this.speed)}tellReader(t=""){
clearTimeout(this.hearing);let e=performance.now()-(this.heardAt||0),i=()=>{if(!this.run)return;let{round:n,beat:r}=this.
at,o=this.run.rounds[n],c=r<2?"":Vt(o,n).map(p=>St(this.run,p)?.token).filter(p=>p.verdict!=="discarded"||!X(o)).slice(
0,12).map(p=>l("stage.heard_token",{token:O(p.piece),verdict:l(`stage.${p.verdict}`)})).join(", "),h=Qt(this.run,o,r).join(
" ").trim();this.heardAt=performance.now();let d=l("stage.heard",{round:n+1,rounds:this.run.rounds.length,sentence:h,tokens:c});
g(this.heard,`${t} ${d}`.trim())};this.hearing=setTimeout(i,Math.max(120,gr-e))}subject(){let{pin:t,hover:e,focus:i}=this.
wished;for(let n of[e,t,i])if(n&&St(this.run,n))return n;return Hs(this.run,this.at,this.playing||this.live&&this.following)}explain(){
let t=this.subject(),e=`${t}|${this.wished.pin}|${this.at.round}`;if(this.explained!==e||this.explainedRun!==this.run)if(this.
explained=e,this.explainedRun=this.run,!t)this.why.wait(this.at.round);else{let i=n=>{let r=je(this.run,t,n);return r?St(
this.run,r)?.token:null};this.why.show(St(this.run,t),i(-1),i(1),{pinned:this.wished.pin===t,here:this.at.round})}this.
light(t)}light(t){this.round.tell(t);for(let e of this.element.querySelectorAll(".is-lit"))e.dataset.token!==t&&e.classList.
remove("is-lit");if(t)for(let e of this.element.querySelectorAll(`[data-token="${t}"]`))e!==this.why.node&&e.classList.
add("is-lit")}stepToken(t){let e=this.subject(),i=e&&je(this.run,e,t);i&&this.pinTo(i)}pinTo(t){this.wished.pin=t,this.
wished.hover=null,this.jump(Number(t.split(":")[0]),q)}release(){let t=this.why.pin===document.activeElement;this.wished.
pin=null,this.explain(),this.settle([this.why]),t&&this.transport.playButton.focus({preventScroll:!0})}point(t,e){if(!this.
run)return;let i=e?.target.closest?e.target.closest("[data-token]"):null,n=i&&i!==this.why.node&&this.element.contains(
i)?i.dataset.token:null;t==="hover"&&(this.over=!!n&&i.matches(".guesses .chip, .mask-row")),this.wished[t]!==n&&(this.
wished[t]=n,t==="focus"&&n&&(this.wished.hover=null),this.explain(),this.settle([this.why]))}press(t){let e=this.run&&t.
target.closest("[data-token]");if(!e||e===this.why.node||e.closest(".chart"))return;let i=e.dataset.token;if(this.wished.
pin===i)return this.release();Number(i.split(":")[0])===this.at.round&&e.matches(gi)?(this.stop(),this.following=!1,this.
wished.pin=i,this.explain(),this.settle([this.why]),this.state()):this.pinTo(i)}focusedPlace(){let t=document.activeElement;
return!t||!this.round.grid.contains(t)?null:[...this.round.chips.values()].indexOf(t)}refocus(t){if(t===null)return;let e=[
...this.round.chips.values()],i=e[Math.min(Math.max(0,t),e.length-1)];i&&i.focus({preventScroll:!0})}mine(t){if(this.element.
contains(t))return!0;if(t!==document.body&&t!==document.documentElement)return!1;let e=this.element.getBoundingClientRect();
return e.width>0&&e.bottom>0&&e.top<window.innerHeight}typed(t){if(!this.run||t.defaultPrevented||t.ctrlKey||t.metaKey||
t.altKey||!this.mine(t.target))return;let{target:e}=t,i=e.closest?.("input, textarea, select, [contenteditable]");i&&i!==
this.transport.slider||mr.includes(t.key)&&!this.element.contains(e)||this.pressed(t,e)&&t.preventDefault()}pressed({key:t,
shiftKey:e},i){let n={ArrowRight:1,ArrowLeft:-1}[t];if(n&&this.why.node.contains(i))this.stepToken(n);else if(n&&e)this.
stepRound(n);else if(n)this.step(n);else if(t==="Home")this.jump(0,0);else if(t==="End")this.toEnd();else if(t==="Escap\
e"&&this.wished.pin)this.release();else{if(t===" ")return this.space(i);if(i===this.transport.slider&&["ArrowUp","Arrow\
Down","PageUp","PageDown"].includes(t))this.stepRound(/Up$/.test(t)?1:-1);else if(t==="Enter"&&i.matches(".column"))this.
visit(Number(i.dataset.first));else if(t==="Enter"&&i.matches(".mask-row"))this.pinTo(i.dataset.token);else return!1}return!0}space(t){
let e=t.closest?.("button");return e&&!e.matches(".chip")?!1:(t.matches?.(".column")?this.visit(Number(t.dataset.first)):
this.playing||this.live&&this.following?this.pause():this.play(),!0)}},bi=(s,t={})=>{let e=new Ke(s,t);return{show:(i,n)=>e.
show(i,n),append:i=>e.append(i),cut:()=>e.cut(),go:(i,n)=>e.jump(i,n),play:()=>e.play(),pause:()=>e.pause(),destroy:()=>e.
destroy()}};function xi(s,t,e,i){let n=(o,c)=>i.lines({run:o,first:c}),r=new Nt(s,n);t.value&&r.take(t.value),e("value",()=>t.value&&
r.take(t.value))}var wi=(s,t,e,i,n)=>{let r=bi(s.querySelector(".specdec-stage"),{onRunLive:i}),o=!0,c=h=>{r.show(h,o?{
live:!1}:{}),o=!1};t.value||r.show("",{live:!1}),xi({...r,show:c},t,e,n)},yi=(s,t,e,i,n)=>{let r=Fs(s.querySelector(".s\
pecdec-race"),{onRunLive:i});xi(r,t,e,n)};var ce=(s,t)=>document.getElementById(`${s}-${t}`);function br(s,t){let e=()=>{t.disabled||(i.disconnect(),[s,document.
body].includes(document.activeElement)&&t.focus({preventScroll:!0}))},i=new MutationObserver(e);i.observe(t,{attributes:!0}),
e()}var vi=(s,t)=>{let[e,i]=t?[ce(s,"run"),ce(s,"stop")]:[ce(s,"stop"),ce(s,"run")];document.activeElement===e&&br(e,i);
let n=e.closest(".split")?.querySelector(".message");return n&&(n.dataset.tone=t?"progress":"settled"),[!t,t].map(r=>({
__type__:"update",interactive:r}))};var xr=0,ki=(s,t,e,i)=>{let n=`specdec-segments-${++xr}`,r=Rt(s,t),o=t.choices.map(f=>{let m=a("input",{type:"radio",name:n,
value:f.value,on:{change:()=>d(f.value,!0)}});return{choice:f,input:m,node:a("label",{},m,a("span",{},f.name))}}),c=a("\
p",{class:"about",id:n}),h=a("fieldset",{"aria-describedby":n},a("legend",{class:"label"},t.caption),a("div",{class:"ro\
w"},o.map(f=>f.node)));s.append(h,c);function d(f,m){t.value=f,p(),r.tell(),m&&i("input")}function p(){if(r.why(V(t)))return d(
t.choices[0].value,!0);o.forEach(({choice:m,input:v})=>{v.checked=m===V(t),v.disabled=!!r.why(m)});let f=new Set(t.choices.
map(r.why).filter(Boolean));c.replaceChildren(...[V(t).line,...f].filter(Boolean).map(m=>a("span",{},m)))}let u=()=>{p(),
r.tell()};r.hear(p),u(),e("value",u)};var wr=96,_i=(s,t,e)=>{let i=_("svg",{class:"treelet","aria-hidden":"true",preserveAspectRatio:"xMinYMid meet"}),n=a("p",
{class:"about"});s.append(i,n),n.setAttribute("aria-live","polite");let r=()=>{let o=yr(t.value),c=Ht(o),h=c>0&&c<=wr;i.
style.display=h?"":"none",h&&vr(i,o),g(n,c?l("settings.tree_size",{n:c}):l("settings.branching_form"))};r(),e("value",r)};
function yr(s){let t=(s||"").split(",").map(e=>Number(e.trim()||NaN));return t.every(e=>Number.isInteger(e)&&e>=1&&e<=16)?
t:[]}function vr(s,t){let[e,i,n]=[34,11,3.2],r=[],o=[],c=0,h=u=>{let f=u===t.length?[c++*i]:Array.from({length:t[u]},()=>h(
u+1)),m=(f[0]+f[f.length-1])/2,v=u*e;return u<t.length&&f.forEach(x=>r.push(`M${v} ${m}C${v+e/2} ${m} ${v+e/2} ${x} ${v+
e} ${x}`)),o.push(_("circle",{cx:v,cy:m,r:n,class:u?"guess":"root"})),m};h(0);let[d,p]=[t.length*e+2*n+2,(c-1)*i+2*n+2];
s.setAttribute("viewBox",`${-n-1} ${-n-1} ${d} ${p}`),s.setAttribute("width",d),s.setAttribute("height",p),s.replaceChildren(
_("path",{d:r.join("")}),...o)}var le=window.specdec;Je(le.words);us(le.schema);ls(le.methods);Object.assign(le,{stage:wi,race:yi,choices:he,header:is,
fold:Ve,picker:rs,segments:ki,examples:Qe,treelet:_i,running:vi});})();
