/* Built by "npm run build" from sources 7e78366691157a19580a6b90a89ba070cee9446fd32e1faff2f5a6bcd0b9772f */
"use strict";(()=>{var li=Object.defineProperty;var hi=(s,t)=>{for(var e in t)li(s,e,{get:t[e],enumerable:!0})};var Yt={};hi(Yt,{exampleOf:()=>pi,folded:()=>mi,lineOf:()=>fi,ruleOf:()=>je,same:()=>gi,temperatureOf:()=>di,usualOf:()=>ui});
var je=(s,t)=>Number(s)===0?"greedy":t==="greedy"?"rejection":t,di=(s,t,e)=>t==="greedy"?0:e||s,pi=({first:s,all:t},e,i)=>!i.
trim()||t.includes(i)?s[e]:i,ui=({usual:s,temperatures:t},e,i,n,r,a)=>{let h=Object.values(s).some(u=>u.drafter===i&&u.
draft_length===n)&&s[e]||{drafter:i,draft_length:n},d=Object.values(t).includes(r)?t[e]??r:r;return[h.drafter,h.draft_length,
d,je(d,a)]},fi=(s,t)=>s[t],mi=(s,...t)=>JSON.stringify(Object.fromEntries(s.map((e,i)=>[e,t[i]]))),gi=s=>s;var bi=/\{(\w+)(?:![rs])?(?::[^}]*)?\}/g,Oe={};function Ce(s){Oe=s}function yi(s,t){let e=s.indexOf("."),i=Oe[s.slice(0,
e)]?.[s.slice(e+1)];if(i===void 0)throw new Error(`No words under ${s}`);return typeof i=="object"?i[t.n===1?"one":"oth\
er"]:i}function te(s,t={}){let e=[],i=0,n=yi(s,t);for(let r of n.matchAll(bi))e.push(n.slice(i,r.index),t[r[1]]),i=r.index+
r[0].length;return[...e,n.slice(i)]}var l=(s,t={})=>te(s,t).map(String).join("");var wi="http://www.w3.org/2000/svg";function ee(s,t,e){for(let[i,n]of Object.entries(t||{}))if(!(n==null||n===!1))if(i===
"on")for(let[r,a]of Object.entries(n))s.addEventListener(r,a);else s.setAttribute(i,n===!0?"":n);for(let i of e.flat(1/0))
i!=null&&s.append(i);return s}var o=(s,t={},...e)=>ee(document.createElement(s),t,e),k=(s,t={},...e)=>ee(document.createElementNS(
wi,s),t,e),I=(s,t)=>{ee(s,t,[])},b=(s,t)=>{s.textContent!==t&&(s.textContent=t)},vt=()=>window.matchMedia("(prefers-red\
uced-motion: reduce)").matches,C=(s,t,e={})=>(s.replaceChildren(...te(t,e).map(i=>typeof i=="number"?String(i):i)),s);var jt="specdec-chosen";function Ot(s,t){let e=s.closest(".settings-body");return{tell(){e.dataset[t.name]!==t.value&&(e.
dataset[t.name]=t.value,e.dispatchEvent(new CustomEvent(jt)))},hear:i=>e.addEventListener(jt,i),why(i){let n=Object.entries(
i.against).map(([r,a])=>a[e.dataset[r]]);return i.why||n.find(Boolean)||""}}}var V=s=>s.choices.find(t=>t.value===s.value)||
s.choices[0];var Re=(s,t,e,i)=>{let n=s.closest(".settings-body"),r=null,a=([h,p])=>o("button",{type:"button",on:{click:()=>{t.value=
p,i("input")}}},h),c=()=>{r!==n.dataset.task&&(r=n.dataset.task,s.replaceChildren(...Object.entries(t.offered[r]||{}).map(
a)))};n.addEventListener(jt,c),c()};var Ne=(s,t,e)=>{let i=s.querySelector(".fold"),n=s.querySelector(".fold-text"),r=()=>{let{drafter:h,shape:p,draft_length:d,
branching:u,rule:f,...m}=JSON.parse(t.value),w=l(`settings.task_${m.task}`),g=h==="none"||p==="chain"&&!d;n.textContent=
g?l("settings.summary_none",{task:w}):l("settings.summary",{task:w,drafter:l(`settings.drafter_${h}`),shape:l(`settings\
.summary_${p}`,{length:d,branching:u}),rule:l(`settings.rule_${f}`)})},a=s.closest(".settings"),c=h=>{a.classList.toggle(
"open",h),i.setAttribute("aria-expanded",String(h))};i.addEventListener("click",()=>c(!a.classList.contains("open"))),a.
addEventListener("click",h=>{h.target.closest("button.primary")&&c(!1)}),r(),e("value",r)};var Pe={" ":"space","\n":"newline","\r":"newline","	":"tab"},xi=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}/u,
vi=/[\u200d\ufe0f]/,Be=48;function ki(s){return`U+${Number(s.codePointAt(0)).toString(16).toUpperCase().padStart(4,"0")}`}
function ze(s,t=Be){let e=[],i="",n=()=>{i&&e.push({kind:"letters",text:i}),i=""},r=Array.from(s);return r.slice(0,t).forEach(
(a,c)=>{let h=vi.test(a)&&c>0&&c<r.length;Pe[a]?(n(),e.push({kind:"mark",text:Pe[a]})):xi.test(a)&&!h?(n(),e.push({kind:"\
codepoint",text:ki(a)})):i+=!i&&/\p{M}/u.test(a)?`◌${a}`:a}),n(),r.length>t&&e.push({kind:"codepoint",text:"…"}),e}
var O=s=>{let t=Array.from(s).slice(0,Be).join("").trim();if(t)return t;let e=s.includes(`
`)?"newline":s.includes("	")?"tab":"space";return l(`stage.spoken_${e}`)};var Fe={accepted:{d:"M2.8 8.4 6.3 12 13.2 4.4"},rejected:{d:"M4 4l8 8M12 4l-8 8"},discarded:{d:"M8 5.6a2.4 2.4 0 1 0 0 \
4.8a2.4 2.4 0 1 0 0-4.8z",fill:!0},correction:{d:"M12.6 5.2A5.4 5.4 0 1 0 13.4 8.6M12.9 1.9V5.6H9.2"},bonus:{d:"M8 2.8v\
10.4M2.8 8h10.4"},plain:{d:"M3.2 8h9.6"},lossless:{d:"M2.8 8.4 6.3 12 13.2 4.4"},lossy:{d:"M2.8 5.8h10.4M2.8 10.2h10.4M\
10.8 2.6 5.2 13.4"},space:{d:"M1.6 8.6v3.6h12.8V8.6"},newline:{d:"M13 3v5.6H3.4M6.6 5.2 3.2 8.6l3.4 3.4"},tab:{d:"M1.6 \
8h10M8.4 4.6 11.8 8l-3.4 3.4M14.2 3.8v8.4"},first:{d:"M12.4 3.2 5.6 8l6.8 4.8zM2.6 3.2h1.8v9.6H2.6z",fill:!0},last:{d:"\
M3.6 3.2 10.4 8l-6.8 4.8zM11.6 3.2h1.8v9.6h-1.8z",fill:!0},previous:{d:"M10.4 3 5.4 8l5 5"},next:{d:"M5.6 3l5 5-5 5"},play:{
d:"M4.4 2.6 13.2 8l-8.8 5.4z",fill:!0},pause:{d:"M4 2.8h2.9v10.4H4zM9.1 2.8H12v10.4H9.1z",fill:!0},left:{d:"M13 8H3.4M6\
.8 4.6 3.4 8l3.4 3.4"},right:{d:"M3 8h9.6M9.2 4.6 12.6 8l-3.4 3.4"},pin:{d:"M5.4 2.6h5.2M6.4 2.6v4L4.2 9.2h7.6L9.6 6.6v\
-4M8 9.2v4.4"},theme:{d:"M8 2.2a5.8 5.8 0 1 0 0 11.6z",fill:!0,ring:!0}},$=(s,t="")=>{let e=Fe[s],i=k("svg",{class:`mar\
k mark-${s} ${t}`,viewBox:"0 0 16 16","aria-hidden":"true",focusable:"false"});return e.ring&&i.append(k("circle",{cx:8,
cy:8,r:5.8,class:"stroke"})),i.append(k("path",{d:e.d,class:e.fill?"fill":"stroke"})),i},qe=s=>Fe[s].d,nt=(s,t)=>{let e=ze(
s,t),i=n=>n.kind==="mark"?$(n.text):o("span",{class:n.kind},n.text);return o("bdi",{class:"piece"},e.map(i))},Z=(s,t,{mark:e=!1,
small:i=!1,tag:n="span",attributes:r={}}={})=>{let a=`chip ${i?"chip-small":""} is-${t}`;return o(n,{...r,class:a},e?$(
t):null,nt(s.piece))};var He="specdec-theme",se=()=>document.body.classList.contains("dark");function _i(){try{return localStorage.getItem(He)}catch{
return null}}function $i(s){try{localStorage.setItem(He,s)}catch{}}var Ie=s=>{s.querySelector(".name").textContent=l("a\
pp.name"),s.querySelector(".tagline").textContent=l("app.tagline");let t=s.querySelector(".theme");t.append($("theme"));
let e=n=>{document.body.classList.toggle("dark",n);let r=l(n?"app.to_light":"app.to_dark");t.setAttribute("aria-label",
r),t.title=r},i=new URLSearchParams(location.search).get("__theme")||_i();e(i==="dark"||i!=="light"&&se()),t.addEventListener(
"click",()=>{e(!se()),$i(se()?"dark":"light")})};var Mi=0;function De(s){let[t,e]=s.lossy?["lossy","settings.lossy"]:["lossless","settings.lossless"];return o("span",{class:`\
law-badge is-${t}`},$(t),l(e))}var We=(s,t,e,i)=>{let n=`specdec-picker-${++Mi}`,r=Ot(s,t),a=t.choices.map((v,A)=>Si(v,
`${n}-${A}`,t.badges)),c=o("span",{class:"picked"}),h=o("span",{class:"line"}),p=o("span",{class:"line-badge"}),d=o("p",
{class:"about",id:`${n}-about`},p,h),u=o("ul",{role:"listbox",id:`${n}-list`,"aria-label":t.caption,hidden:!0},a.map(v=>v.
node)),f=o("button",{type:"button",role:"combobox",class:"field","aria-haspopup":"listbox","aria-expanded":"false","ari\
a-controls":`${n}-list`,"aria-label":t.caption,"aria-describedby":`${n}-about`},c);s.append(o("span",{class:"label","ar\
ia-hidden":"true"},t.caption),o("div",{class:"holder"},f,u),d);let m=0;function w(){let v=r.why(V(t))&&t.choices.find(P=>!r.
why(P));if(v)return wt(v.value);let A=V(t);b(c,A.name),b(h,A.line),p.replaceChildren(...A.lossy?[De(A)]:[]),a.forEach(P=>P.
show(r.why(P.choice),P.choice===A))}let g=()=>!u.hidden;function _(v){if(v!==g()){if(u.hidden=!v,f.setAttribute("aria-e\
xpanded",String(v)),!v)return f.removeAttribute("aria-activedescendant");w(),T(),L(a.findIndex(A=>A.choice===V(t)))}}function T(){
let v=f.getBoundingClientRect(),[A,P]=[v.top,window.innerHeight-v.bottom];u.style.maxHeight="none";let xt=u.offsetHeight>
P-16&&A>P;u.classList.toggle("up",xt),u.style.maxHeight=`${Math.max(160,(xt?A:P)-16)}px`}function L(v){m=Math.max(0,Math.
min(a.length-1,v)),a.forEach((A,P)=>A.node.classList.toggle("active",P===m)),f.setAttribute("aria-activedescendant",a[m].
node.id),a[m].node.scrollIntoView({block:"nearest"})}function S(v){r.why(a[v].choice)||(_(!1),t.choices[v].value!==t.value&&
wt(t.choices[v].value))}function wt(v){t.value=v,w(),r.tell(),i("input")}function oi(v){let A=g()?m:a.findIndex(Lt=>Lt.
choice===V(t)),xt=a.map((Lt,ci)=>(A+1+ci)%a.length).find(Lt=>a[Lt].choice.name.toLowerCase().startsWith(v));_(!0),xt!==
void 0&&L(xt)}f.addEventListener("keydown",v=>{let A={ArrowDown:m+1,ArrowUp:m-1,PageDown:m+4,PageUp:m-4,Home:0,End:a.length-
1};if(!(v.ctrlKey||v.metaKey)){if(v.key in A)g()?L(A[v.key]):_(!0);else if(v.key==="Enter"||v.key===" ")g()?S(m):_(!0);else if(v.
key==="Escape"&&g())_(!1);else if(v.key.length===1&&/\S/.test(v.key)&&!v.altKey)oi(v.key.toLowerCase());else return;v.preventDefault(),
v.stopPropagation()}}),f.addEventListener("click",()=>_(!g())),f.addEventListener("blur",()=>_(!1)),u.addEventListener(
"pointerdown",v=>v.preventDefault()),a.forEach((v,A)=>{v.node.addEventListener("pointermove",()=>A!==m&&L(A)),v.node.addEventListener(
"click",()=>S(A))});let Le=()=>{w(),r.tell()};r.hear(w),Le(),e("value",Le)};function Si(s,t,e){let i=o("span",{class:"w\
hy"}),n=o("span",{class:"head"},o("span",{class:"name"},s.name),e?De(s):null),r=o("li",{role:"option",id:t},n,o("span",
{class:"what"},s.what),i);return{node:r,choice:s,show:(c,h)=>{b(i,c),i.hidden=!c,r.setAttribute("aria-selected",String(
h)),r.setAttribute("aria-disabled",String(!!c))}}}var Ue=s=>s.match(/[^\n]*\n/g)??[],Ct=class{run=null;next=0;end=0;asking=!1;constructor(t,e){this.player=t,this.ask=e}take({
run:t,first:e,lines:i}){t!==this.run&&Object.assign(this,{run:t,next:0,end:0,asking:!1});let n=Ue(i);this.end=Math.max(
this.end,e+n.length),this.add(n,e),this.next<this.end&&this.fetch()}add(t,e){if(e>this.next)return;let i=t.slice(this.next-
e);if(!i.length)return;let n=this.next>0;this.next+=i.length,n?this.player.append(i.join("")):this.player.show(i.join(""))}async fetch(){
if(this.asking)return;let{run:t,next:e}=this;this.asking=!0;let i=t===null?"":await this.ask(t,e).catch(()=>"");t===this.
run&&(this.asking=!1,this.add(Ue(i),e),this.next===e?this.player.cut():this.next<this.end&&this.fetch())}};var Ai=[{size:1e9,letter:"B"},{size:1e6,letter:"M"},{size:1e3,letter:"k"}],B=" ";function M(s){if(s===0||s===1)return String(
s);if(s<1e-4)return`<${B}0.0001`;if(s>.9999)return`>${B}0.9999`;if(s<.01)return s.toFixed(s<.001?4:3);for(let t of[2,3,
4])if(Number(s.toFixed(t))<1)return s.toFixed(t);return`>${B}0.9999`}function Ke(s){return s<=1?M(s):s>9999?`>${B}9999`:
s.toFixed(s<10?2:s<100?1:0)}function E(s){let t=Math.round(s*100);return t===0&&s>0?`<${B}1${B}%`:t===100&&s<1?`>${B}99${B}\
%`:`${t}${B}%`}function ie(s,t){for(let e=2;e<17;e++){let i=[s.toFixed(e),t.toFixed(e)];if(i[0]!==i[1]||s===t)return[Number.
isInteger(s)?String(s):i[0],Number.isInteger(t)?String(t):i[1]]}return[String(s),String(t)]}function z(s,t){let[e,i]=[M(
s),M(t)];return e!==i||s===t?[e,i]:ie(s,t)}function Rt(s){if(s>=10)return`${s.toFixed(1)}${B}s`;if(s>=1)return`${s.toFixed(
2)}${B}s`;let t=s*1e3;return`${t>=100?t.toFixed(0):t>=.095?t.toFixed(1):t.toFixed(2)}${B}ms`}function Nt(s){for(let{size:t,
letter:e}of Ai)if(s>=t)return`${s/t>=10?Math.round(s/t):Number((s/t).toFixed(1))}${e}`;return String(s)}function Pt(s){
let t=new Date(s);return Number.isNaN(t.getTime())?String(s):t.toLocaleDateString("en-GB",{day:"numeric",month:"short",
year:"numeric",timeZone:"UTC"})}var Ge=new Set(["greedy","rejection","block","match"]),Ei=new Set([...Ge,"typical"]),Je=new Set(["model","lookup","suff\
ix","retrieval","lookahead","early_exit","medusa","eagle"]),Ti=new Set(["lookup","suffix","retrieval","lookahead"]),lt=s=>Ge.
has(s),D=s=>Je.has(s.drafter.name)?s.drafter.name:"model",Bt=s=>Ti.has(s.drafter.name),Qe=s=>Ei.has(s)?l(`stage.rule_${s}`):
String(s),ne=(s,t)=>t?l("stage.model_size",{name:s,size:Nt(t)}):s,re=({drafter:s})=>s.model&&s.model!==s.name?ne(s.model,
s.parameters):Je.has(s.name)?ne(l(`stage.drafter_${s.name}`),s.parameters):s.name,Ve=s=>{let{target:t,drafter:e,hardware:i,
created:n}=s,r=ne(t.name,t.parameters),a=e.name==="none"?l("stage.alone",{target:r}):l("stage.models",{target:r,drafter:re(
s)}),c=["eager","compiled","graphs"].includes(i.mode)?[l(`stage.mode_${i.mode}`)]:[];return[a,[l("stage.hardware",{name:i.
name,dtype:i.dtype}),...c].join(", "),Pt(n)]};var X=s=>s.draft.some((t,e)=>t.parent!==e-1),W=s=>s.draft.reduce((t,e,i)=>e.verdict==="accepted"?i:t,-1),ht=s=>{let t=W(
s),e=s.draft.filter(i=>i.verdict==="rejected"&&i.parent===t);return e.length?e[e.length-1]:null},U=(s,t)=>t<0?[]:[...U(
s,s[t].parent),t],rt=(s,t)=>{let e=s.filter(n=>n.parent===t.parent),i=e.indexOf(t);return{nth:i+1,of:e.length,before:e.
slice(0,i),next:e[i+1]||null,all:e}},Ze=s=>{let t=[];for(let e of s)t.push(e.parent<0?1:t[e.parent]+1);return t},dt=s=>Ze(
s).reduce((t,e)=>Math.max(t,e),0),Xe=s=>{let t=s.draft.map((n,r)=>({verdict:String(n.verdict),place:r})).filter(({verdict:n})=>n===
"accepted"),e=ht(s);e&&t.push({verdict:"rejected",place:s.draft.indexOf(e)});let i=Ze(s.draft);for(let n=t.length+1;n<=
Math.max(0,...i);n++)t.push({verdict:"discarded",place:i.indexOf(n)});return t},ae=s=>{let t=s.draft.map(e=>e.parent);return s.
final?[...t,W(s)]:t};function Ye(s){let t=Array.from({length:s.length+1},()=>[]);return s.forEach((e,i)=>t[e+1].push(i)),
t}var oe=s=>{let t=Ye(s),e=new Array(s.length).fill(0),i=h=>{let p=[],d=[],u=t[h+1].map(m=>{let w=i(m),g=[[0,0],...w],_=g.
reduce((T,[L],S)=>S<d.length?Math.max(T,d[S]+1-L):T,p.length?-1/0:0);return g.forEach(([T,L],S)=>{S>=p.length&&(p[S]=_+
T),d[S]=_+L}),_}),f=u.length?(u[0]+u[u.length-1])/2:0;return t[h+1].forEach((m,w)=>{e[m]=u[w]-f}),p.map((m,w)=>[m-f,d[w]-
f])},n=i(-1),r=Math.min(0,...n.map(([h])=>h)),a=[];s.forEach((h,p)=>{let d=h<0?{depth:0,row:-r}:a[h];a.push({depth:d.depth+
1,row:d.row+e[p]})});let c=1+Math.max(0,...n.map(([,h])=>h))-r;return{nodes:a,root:{depth:0,row:-r},rows:c,depth:a.reduce(
(h,p)=>Math.max(h,p.depth),0)}},ts=s=>{let t=Ye(s),e=new Array(s.length),i=0,n=(r,a)=>{for(let c of t[r+1])i+=1,e[c]={depth:a,
row:i},n(c,a+1)};return n(-1,1),{nodes:e,root:{depth:0,row:0},rows:s.length+1,depth:e.reduce((r,a)=>Math.max(r,a.depth),
0)}};var es=1,is={rounds:0,drafted:0,accepted:0,rejected:0,discarded:0,refusals:0,tokens:0,passes:0,seconds:0},F=s=>typeof s==
"string",pt=s=>typeof s=="number"&&Number.isFinite(s),ut=s=>pt(s)&&s>=-1e-6&&s<=1+1e-6,Y=s=>typeof s=="object"&&s!==null&&
!Array.isArray(s),ns=s=>t=>t===null||s(t),Li=s=>Array.isArray(s)&&s.every(t=>Array.isArray(t)&&t.length===5&&F(t[1])&&t.
slice(2).every(ut)),ji=s=>Array.isArray(s)&&s.length===3&&s.every(ut);function rs(s,t){return Y(s)&&F(s.piece)&&F(s.text)&&
t.includes(s.verdict)&&ut(s.target_prob)&&ns(ut)(s.coin)&&Li(s.top)&&ji(s.tail)}function Oi(s,t){return rs(s,["accepted",
"rejected","discarded"])&&ut(s.draft_prob)&&ns(ut)(s.accept_prob)&&Number.isInteger(s.parent)&&s.parent>=-1&&s.parent<t}
var ss={header:s=>F(s.created)&&F(s.source)&&Y(s.hardware)&&F(s.hardware.name)&&F(s.hardware.dtype)&&Y(s.target)&&F(s.target.
name)&&Y(s.drafter)&&F(s.drafter.name)&&Y(s.settings)&&Y(s.prompt)&&F(s.prompt.text),round:s=>Array.isArray(s.draft)&&s.
draft.every(Oi)&&(s.final===null||rs(s.final,["correction","bonus","plain"]))&&pt(s.start)&&pt(s.end)&&Y(s.seconds)&&["\
draft","verify","other"].every(t=>pt(s.seconds[t]))&&Y(s.passes)&&pt(s.passes.draft)&&pt(s.passes.target),footer:s=>F(s.
reason)&&(s.message===null||F(s.message))},mt=s=>s.header.target.encoder_decoder===!0,tt=s=>{let t=s.draft.filter(e=>e.
verdict==="accepted");return s.final?[...t,s.final]:t},Ci=s=>ht(s)!==null,zt=s=>({acceptance:s.accepted+s.refusals?s.accepted/
(s.accepted+s.refusals):null,perPass:s.passes?s.tokens/s.passes:null,efficiency:s.drafted?s.accepted/s.drafted:null});function Ri(s,t){
let e=s.sums.length?s.sums[s.sums.length-1]:is,i=n=>t.draft.filter(r=>r.verdict===n).length;s.rounds.push(t),s.longest=
Math.max(s.longest,t.draft.length),s.deepest=Math.max(s.deepest,dt(t.draft)),s.branched=s.branched||X(t),s.sums.push({rounds:e.
rounds+1,drafted:e.drafted+t.draft.length,accepted:e.accepted+i("accepted"),rejected:e.rejected+i("rejected"),discarded:e.
discarded+i("discarded"),refusals:e.refusals+Number(Ci(t)),tokens:e.tokens+tt(t).length,passes:e.passes+t.passes.target,
seconds:t.end})}var K=(s,t)=>t>0?s.sums[t-1]:is,ft=class s{text="";at=0;line=0;runs=[];error=null;clear(){Object.assign(
this,new s)}append(t){this.text=this.text.slice(this.at)+t,this.at=0}parse({budget:t=1/0,whole:e=!1}={}){let i=performance.
now()+t;for(;this.error===null&&this.at<this.text.length;){let n=this.text.indexOf(`
`,this.at);if(n<0&&!e)return!1;n<0&&(n=this.text.length);let r=this.text.slice(this.at,n);if(this.at=Math.min(n+1,this.
text.length),this.line+=1,r.trim()&&this.take(r),performance.now()>i)return this.error===null&&this.at<this.text.length}
return!1}refuse(t,e){this.error=l("stage.broken_line",{line:this.line,why:l(`stage.broken_${t}`,e)})}take(t){let e;try{
e=JSON.parse(t)}catch{return this.refuse("json")}if(!Y(e)||!Object.hasOwn(ss,e.kind))return this.refuse("kind");if(e.kind===
"header"&&e.schema!==es)return this.refuse("schema",{value:String(e.schema),known:es});if(!ss[e.kind](e))return this.refuse(
"shape");this.place(e)}place(t){let e=this.runs[this.runs.length-1];if(t.kind==="header"){if(e&&!e.footer)return this.refuse(
"order");this.runs.push({header:t,rounds:[],footer:null,sums:[],longest:0,deepest:0,branched:!!t.settings.branching})}else
!e||e.footer?this.refuse("order"):t.kind==="footer"?e.footer=t:t.index!==e.rounds.length?this.refuse("index",{value:String(
t.index),expected:e.rounds.length}):Ri(e,t)}};var Ni=" ",st=["draft","verify","other"];function le(s){return he({run:s,ids:[],tokens:[],text:"",offsets:[0],ends:[],
written:[],draft:0,verify:0,draftPasses:0})}function he(s){for(let t of s.run.rounds.slice(s.ends.length)){for(let e of tt(
t))s.ids.push(e.id),s.tokens.push(e),s.text+=e.text,s.offsets.push(s.text.length);s.ends.push(t.end),s.written.push(s.ids.
length),s.draft+=t.seconds.draft,s.verify+=t.seconds.verify,s.draftPasses+=t.passes.draft}return s}var G=s=>s.ends.length?
s.ends[s.ends.length-1]:0,Ft=s=>!!(s?.run.footer&&!["cancelled","error"].includes(s.run.footer.reason)&&s.ids.length);function as(s){
let{passes:t,drafted:e,accepted:i,refusals:n}=K(s.run,s.run.rounds.length),r=G(s),a=s.ids.length;return{seconds:r,draft:s.
draft,verify:s.verify,other:Math.max(0,r-s.draft-s.verify),tokens:a,passes:t,drafted:e,accepted:i,refusals:n,draftPasses:s.
draftPasses,perToken:r/a,perPass:r/t,tokensPerPass:a/t}}function at(s,t){let[e,i]=[0,s.ends.length];for(;e<i;){let n=e+
i>>1;s.ends[n]<=t+1e-9?e=n+1:i=n}return e}function os(s,t){let[e,i]=[as(s),as(t)],{rule:n,temperature:r}=t.run.header.settings,
a=Math.max(e.tokens,i.tokens),c=0;for(;c<a&&s.ids[c]===t.ids[c];)c+=1;let h=n==="greedy"||r===0,p=c===a?"same":"differs",
d=n==="typical"?"lossy":lt(n)?h?p:"law":"none";return{plain:e,speculative:i,speedup:e.perToken/i.perToken,tokensPerPass:i.
tokensPerPass/e.tokensPerPass,roundCost:i.perPass/e.perPass,claim:d,same:c}}function cs(s,{plain:t,speculative:e}){let{
draft_length:i,rule:n}=s.header.settings,r=e.accepted+e.refusals;if(s.header.drafter.name!=="model"||typeof i!="number"||
i<2||!r||s.branched||!["greedy","rejection","match"].includes(n))return null;let a=e.accepted/r,c=e.draft/e.drafted,[h,
p]=[t.verify/t.passes,e.verify/e.passes],d=Array.from({length:i-1},(g,_)=>_+1),u=g=>a<1?(1-a**(g+1))/(1-a):g+1,f=g=>g*c+
h+(p-h)*g/i+e.other/e.passes;return{...d.map(g=>({length:g,speedup:u(g)*t.perToken/f(g)})).reduce((g,_)=>_.speedup>g.speedup?
_:g),alpha:a,accepted:e.accepted,judged:r}}var ls=s=>s.reduce(([t,e],i)=>[t+e*i,e*i],[0,1])[0];function hs(s,t,e,i){for(let n=1;n<
5;n++)if((Number(s.toFixed(n))/Number(t.toFixed(n))).toFixed(i)===e.toFixed(i))return n;return 5}function ds(s){let t=({
drafter:i,settings:n})=>i.name!=="none"&&n.draft_length!==0;if(s.length>2||s[0]&&t(s[0].header))return"race.not_a_race";
let e=s.map(({header:i})=>JSON.stringify([i.target,i.hardware,i.settings.temperature,i.prompt.text]));return e.length===
2&&e[0]!==e[1]?"race.unlike":null}var ce=(s,t)=>s.toFixed(t<.1?3:t<10?2:t<100?1:0),R=(s,t)=>`${ce(s,t)}${Ni}s`,ps=(s,t,e)=>R(
Number(ce(s,e))-Number(ce(t,e)),e),qt=(s,t)=>{let e=10**Math.floor(Math.log10(s/t));return[5,2,1].map(i=>i*e).find(i=>s/
i>=t-1e-9)||e};var Pi=" ",Ht=class{whole;width;end;ticks;constructor(){this.done=o("span",{class:"race-rail-done"}),this.knob=o("span",
{class:"race-knob"}),this.scale=o("span",{class:"race-scale"}),this.head=o("span",{class:"race-tick race-tick-head"});let t=[
o("span",{class:"race-rail"}),this.scale,this.done,this.knob,this.head];this.root=o("div",{class:"race-axis",role:"slid\
er",tabindex:"0","aria-valuemin":"0","aria-label":l("race.axis")},...t)}draw(t,e,i){[this.whole,this.width]=[t,e];let n=qt(
t,Math.max(2,Math.floor(e/150))),r=Math.max(0,-Math.floor(Math.log10(n)+1e-9)),a=[this.tick(t,R(t,t),`race-tick ${i?"ra\
ce-tick-end":""}`)];for(let c=0;c*n<t*(1-1e-9);c++)a.push(this.tick(c*n,c?`${(c*n).toFixed(r)}${Pi}s`:"0","race-tick"));
this.scale.replaceChildren(...a.flatMap(({mark:c,text:h})=>[c,h]));for(let c of a)c.half=c.text.offsetWidth/2;for(let c of a)
c.at=this.inside(c.time/t*e,c.half),c.text.style.left=`${c.at}px`;this.end=a[0],this.ticks=a.filter(c=>c===this.end||c.
at+c.half+10<=this.end.at-this.end.half);for(let c of a)this.ticks.includes(c)||c.text.remove();this.root.setAttribute(
"aria-valuemax",t.toFixed(3))}tick(t,e,i){let n=o("span",{class:"race-tick-mark"});return n.style.left=`${t/this.whole*
this.width}px`,{time:t,mark:n,at:0,half:0,text:o("span",{class:i},e)}}inside(t,e){return Math.min(Math.max(t,e),this.width-
e)}show(t,e){let i=t/this.whole*this.width,n=this.inside(i,this.end.half);this.done.style.transform=`scaleX(${Math.max(
0,i-9)/this.width})`,this.knob.style.transform=`translateX(${i.toFixed(2)}px)`,this.head.style.left=`${n.toFixed(2)}px`,
b(this.head,R(t,this.whole));for(let r of this.ticks)r.text.classList.toggle("is-covered",Math.abs(r.at-n)<r.half+this.
end.half+8);this.root.setAttribute("aria-valuenow",t.toFixed(3)),this.root.setAttribute("aria-valuetext",e)}};var us=[...st,"dots"],fs=30,Bi=44,zi=3;function Fi(s,t){let e=[],i=null;return s.run.rounds.forEach((n,r)=>{let{draft:a,
verify:c}=n.seconds;i=i||{start:n.start,draft:0,verify:0,other:0,tokens:0,rounds:0},i.end=n.end,i.draft+=a,i.verify+=c,
i.other+=Math.max(0,n.end-n.start-a-c),i.tokens+=s.written[r]-(r?s.written[r-1]:0),i.rounds+=1,!((i.end-i.start)*t<zi)&&
(e.push(i),i=null)}),i?[...e,i]:e}function qi(s,t,e,i){let n=e>=5?1.5:0,[r,a]=[(e-2*n).toFixed(2),i-2*n];if(!n)return`M${s.
toFixed(2)} ${t}h${r}v${i}h-${r}z`;let[c,h]=[`h${r}q${n} 0 ${n} ${n}`,`v${a}q0 ${n} ${-n} ${n}`],[p,d]=[`h-${r}q${-n} 0\
 ${-n} ${-n}`,`v${-a}q0 ${-n} ${n} ${-n}`];return`M${(s+n).toFixed(2)} ${t}${c}${h}${p}${d}z`}function Hi(s,t){let e=Fi(
s,t),i=e.reduce((p,d)=>Math.max(p,d.tokens),1),n=Math.min(5.5,Bi/i),r=e.length?(e[e.length-1].end-e[0].start)*t/e.length:
10,a=Math.ceil(n*i)+6,c={draft:"",verify:"",other:"",dots:""};for(let p of e){let d=p.start*t,u=(p.end-p.start)*t,f=Math.
min(1.5,u*.2),m=st.filter(S=>p[S]>0),w=u>12?.75:0,g=u-f-w*(m.length-1),_=p.draft+p.verify+p.other,T=d;for(let S of m){let wt=g*
p[S]/_;c[S]+=qi(T,a,wt,fs),T+=wt+w}let L=(d+(u-f)/2).toFixed(2);for(let S=0;S<p.tokens;S++)c.dots+=`M${L} ${(a-7-S*n).toFixed(
2)}h.01`}let h=Math.max(1,Math.min(4,n*.75,r*.6));return{d:c,dot:h,height:a+fs,merged:e.some(p=>p.rounds>1)}}var kt=class{tape;scale;width;lead;room;long;stands;telling;heard;paleText;fullText;pen;text;window;playhead;restText;rest;track;all;ink;layers;fields;constructor(t){
this.note=o("span",{class:"race-lane-note"}),this.count=o("span",{class:"race-count"});let e=o("h3",{class:"race-lane-t\
itle"},l(`race.${t}`)),i=o("div",{class:"race-lane-head"},e,this.note,this.count);this.root=o("section",{class:"race-la\
ne","data-lane":t,"aria-label":l(`race.${t}`)},i,this.makeText(t),this.makeTrack())}makeText(t){this.heard=o("span",{class:"\
race-written heard"}),this.all=document.createTextNode(""),this.ink=document.createTextNode(""),this.paleText=o("span",
{class:"race-all","aria-hidden":"true"},this.all),this.fullText=o("span",{class:"race-ink","aria-hidden":"true"},this.ink),
this.pen=o("span",{class:"race-pen","aria-hidden":"true"});let e=o("div",{class:"race-page",dir:"auto"},this.paleText,this.
fullText,this.pen);return this.text=o("div",{class:"race-text",role:"group","aria-label":l(`race.${t}_text`),on:{scroll:()=>this.
fade()}},e,this.heard),this.text}makeTrack(){let t=()=>Object.fromEntries(us.map(e=>[e,k("path",{class:`race-${e}`})]));
return this.layers=[t(),t()],this.fields=this.layers.map((e,i)=>k("svg",{class:i?"race-full":"race-pale"},...Object.values(
e))),this.window=o("span",{class:"race-window"},this.fields[1]),this.playhead=o("span",{class:"race-playhead"}),this.restText=
o("span",{}),this.rest=o("span",{class:"race-rest",hidden:!0},this.restText),this.track=o("div",{class:"race-track","ar\
ia-hidden":"true"},this.fields[0],this.window,this.rest,this.playhead),this.track}draw(t,e,i){Object.assign(this,{tape:t,
scale:e,width:i});let{d:n,dot:r,height:a,merged:c}=Hi(t,e);this.layers.forEach((p,d)=>{for(let u of us)p[u].setAttribute(
"d",n[u]);p.dots.setAttribute("stroke-width",r.toFixed(2));for(let[u,f]of Object.entries({width:i,height:a}))this.fields[d].
setAttribute(u,f)});let{text:h}=t;this.lead=h.length-h.trimStart().length;for(let p of[this.all,this.ink])p.data!==h.slice(
this.lead)&&(p.data=h.slice(this.lead));return this.root.dataset.total=t.ids.length,this.root.classList.toggle("is-wait\
ing",!t.run.header),this.room=this.text.clientHeight,this.long=this.text.scrollHeight>this.room,this.long?this.text.tabIndex=
0:this.text.removeAttribute("tabindex"),this.stands=null,c}drawRest(t,e,i){let n=(e-t)*this.scale;this.rest.hidden=i===
null||n<16,!this.rest.hidden&&(this.rest.style.left=`${t*this.scale}px`,this.rest.style.width=`${n}px`,this.restText.hidden=
!1,b(this.restText,i),this.restText.hidden=this.restText.offsetWidth>n-40)}show(t){let{tape:e}=this,i=at(e,t),n=i?e.written[i-
1]:0,r=Math.round(t*this.scale*devicePixelRatio)/devicePixelRatio;this.window.style.transform=`translateX(${r-this.width}\
px)`,this.fields[1].style.transform=`translateX(${this.width-r}px)`,this.playhead.style.transform=`translateX(${r}px)`;
let{footer:a}=e.run,c=!!a&&t>=G(e)-1e-9;return this.root.classList.toggle("is-finished",c),n!==this.stands&&this.write(
n),{tokens:n,done:c}}tell({tokens:t,done:e},i,n){let{tape:r}=this,{footer:a}=r.run,c=e?Ft(r)?"done":"ended":a?"at":"run\
ning",h=R(a?Math.min(i,G(r)):i,n);C(this.count,`race.count_${c}`,{n:r.ids.length,written:o("b",{},String(t)),total:String(
r.ids.length),time:h})}write(t){this.stands=this.root.dataset.written=t;let e=Math.max(0,this.tape.offsets[t]-this.lead),
i=this.endOf(e),{left:n,top:r,bottom:a}=i,c=i.rtl?"100%":"0",h=i.rtl?"0":"100%",p=`${c} -9px, ${h} -9px, ${h} ${r}px`,d=`${n}\
px ${r}px, ${n}px ${a}px, ${c} ${a}px`;this.fullText.style.clipPath=`polygon(${p}, ${d})`,this.pen.style.transform=`tra\
nslate(${n-1}px, ${(r+a)/2-10}px)`,this.long&&(this.text.scrollTop=Math.max(0,a-this.room+30)),this.fade(),clearTimeout(
this.telling),this.telling=setTimeout(()=>b(this.heard,this.ink.data.slice(0,e)),120)}endOf(t){let e=this.fullText.getBoundingClientRect(),
i=getComputedStyle(this.fullText).direction==="rtl",n=document.createRange(),r=Math.max(0,t-1);n.setStart(this.ink,r),n.
setEnd(this.ink,t||Math.min(1,this.ink.length));let a=[...n.getClientRects()].pop();return a?{left:(t===0===i?a.right:a.
left)-e.left,top:a.top-e.top,bottom:a.bottom-e.top,rtl:i}:{left:i?e.width:0,top:0,bottom:0,rtl:i}}fade(){let t=this.long&&
this.text.scrollHeight-this.room-this.text.scrollTop>4;this.text.classList.toggle("goes-on",t)}};var Ii=" ",de=s=>s<1.995?2:1,$t=s=>s.toFixed(de(s));function _t(s){let t=s*1e3;return`${t.toFixed(t<9.995?2:t<99.95?1:
0)}${Ii}ms`}function gs({plain:s,speculative:t,tokensPerPass:e}){let i=Math.max(s.seconds,t.seconds),n=e.toFixed(1),r=n===
"1.0"?l("race.summary_passes_one"):l("race.summary_passes",{tokens:n}),a={time:R(t.seconds,i),plain:R(s.seconds,i)};if(s.
tokens===t.tokens)return`${l("race.summary",{...a,n:s.tokens})} ${r}`;let c={each:_t(t.perToken),plain_each:_t(s.perToken)},
h={tokens:t.tokens,plain_tokens:s.tokens};return`${l("race.summary_lengths",{...a,...c,...h})} ${r}`}var ms=s=>`⁨${O(
s)}⁩`;function bs({same:s,claim:t},e,i){if(t!=="differs")return"";let[n,r]=[e,i].map(f=>f.tokens[s]);if(!n||!r)return l(
n?"race.ends_earlier_speculative":"race.ends_earlier_plain",{n:s});let a=e.run.rounds[at(e,e.ends[e.written.findIndex(f=>f>
s)])-1].final,[c,h]=[n,r].map(({id:f})=>(a.top.find(m=>m[0]===f)||[])[2]),p=l("race.first_difference",{position:s+1,plain:ms(
n.piece),speculative:ms(r.piece)});if(c===void 0||h===void 0)return p;let[d,u]=ie(c,h);return`${p} ${l("race.gap",{plain:d,
speculative:u,dtype:e.run.header.hardware.dtype})}`}function ys({plain:s,speculative:t}){let{drafted:e,accepted:i,passes:n}=t,
r=(t.draft/n/s.perPass).toFixed(2),a=(t.verify/n/s.perPass).toFixed(2),c=e?{share:E(i/e),accepted:i,n:e}:null,h=c?l("ra\
ce.reason_kept",c):l("race.reason_unguessed");return`${l("race.reason_cost",{draft:r,verify:a})} ${h}`}function ws(s,t){
let e=cs(t,s);if(!e)return"";let i={alpha:e.alpha.toFixed(2),accepted:e.accepted,n:e.judged};return e.speedup<=Math.max(
1.005,s.speedup)?l("race.estimate_none",i):l("race.estimate",{...i,length:e.length,speed:$t(e.speedup)})}function xs(s){
let{branching:t,draft_length:e}=s.settings,i=l(`stage.source_${D(s)}`);return Array.isArray(t)?l("race.note_tree",{n:ls(
t),source:i}):t?l("race.note_dynamic",{n:e,source:i}):e==="auto"?l("race.note_auto",{source:i}):l("race.note",{n:e,source:i})}var Di=" ",ue=(s,t,...e)=>o("section",{class:`race-panel race-${s}`},o("h3",{class:"race-panel-title"},t),...e),vs=s=>o(
"p",{class:"race-panel-note"},s);function pe(s,t,e,i){let n=t.reduce((p,[,d])=>p+d,0),a=t.filter(([,p])=>p>0).map(([p,d])=>o(
"span",{class:`race-piece race-${p}`,style:`flex-grow: ${100*d/n}`})),c=o("span",{class:"race-bar",style:`--share: ${n/
e}`,"aria-hidden":"true"},...a),h=o("span",{class:"race-row-cell"},c,o("b",{},i));return o("p",{class:"race-row"},o("sp\
an",{class:"race-row-label"},s),h)}function ks({plain:s,speculative:t}){let e=Math.max(s.seconds,t.seconds),i=(d,u)=>pe(
l(d),st.map(f=>[f,u[f]]),e,R(u.seconds,e)),n=t.seconds<1,{draft:r,verify:a,other:c}=t,h=d=>n?(d*1e3).toFixed(0):d.toFixed(
2),p=l("race.split_note",{draft:`${h(r)}${Di}${n?"ms":"s"}`,verify:h(a),other:h(c)});return ue("split",l("race.split"),
i("race.plain_short",s),i("race.speculative_short",t),vs(p))}function _s({plain:s,speculative:t}){let e=(n,r,a)=>{let c=o(
"b",{class:"race-total-value"},n.tokensPerPass.toFixed(1)),h=o("span",{class:"race-total-note"},l(r,{tokens:n.tokens,n:n.
passes}));return o("p",{class:a?"race-total is-quiet":"race-total"},c,h)},i=o("div",{class:"race-pair"},e(t,"race.passe\
s_speculative"),e(s,"race.passes_plain",!0));return ue("passes",l("race.passes"),i)}function $s({plain:s,speculative:t,
speedup:e,roundCost:i,tokensPerPass:n}){let[r,a]=[$t(e),n.toFixed(1)],c=Math.max(s.perPass,t.perPass),h=_=>st.map(T=>[T,
_[T]/_.passes]),[[,p],...d]=h(t),u=t.draftPasses/t.passes,f=Number.isInteger(u)&&u>0&&u<=8?u:1,m=[...Array(f).fill(["dr\
aft",p/f]),...d],w=hs(n,i,e,de(e)),g={cost:i.toFixed(w),tokens:n.toFixed(w),speed:r};return ue("why",l(i>1&&Number(r)!==
Number(a)?"race.why":"race.why_alone",{speed:r,tokens:a}),pe(l("race.one_pass"),h(s),c,_t(s.perPass)),pe(l("race.one_ro\
und"),m,c,_t(t.perPass)),vs(l("race.why_note",g)))}var Wi=12,Ui={play:"play",pause:"pause",again:"correction"},Ki={half:.5,real:1,double:2},Gi={rounds:[],footer:null},Ji=s=>o(
"li",{},o("span",{class:`race-swatch race-${s}`}),l(`race.key_${s}`));function Qi([s,t]){let e=t||s;return s?e.run.footer&&
!Ft(e)?"stopped":t?.run.footer?"done":s.run.footer?"speculative":"plain":"empty"}var fe=class{reader=new ft;runs=[];tapes=[];phase="\
empty";time=0;speed=1;playing=!1;due=!1;told=!1;visible=!1;width=0;frame=0;pending=0;reading=0;tag=o("span",{class:"tag"});source=o(
"span",{class:"race-source"});runLive=o("button",{type:"button",class:"race-run-live quiet-button",hidden:!0,on:{click:()=>this.
options.onRunLive?.()}},l("race.run_live"));from=o("div",{class:"race-from"},this.tag,this.source,this.runLive);problem=o(
"p",{class:"race-problem",role:"status",hidden:!0});verdict=o("h2",{class:"race-verdict"});badge=o("span",{class:"race-\
badge",hidden:!0});summary=o("p",{class:"race-summary",hidden:!0});reason=o("p",{class:"race-reason",hidden:!0});estimate=o(
"p",{class:"race-estimate",hidden:!0});lanes=[new kt("plain"),new kt("speculative")];axis=new Ht;button=o("button",{class:"\
race-play",type:"button",on:{click:()=>this.toggle()}});select=o("select",{class:"race-speed pick","aria-label":l("race\
.speed"),on:{change:()=>this.setSpeed()}},Object.entries(Ki).map(([t,e])=>o("option",{value:e},l(`race.speed_${t}`))));merged=o(
"li",{hidden:!0},l("race.merged"));controls=o("div",{class:"race-controls"},this.button,o("span",{class:"picker"},this.
select,$("next")),o("ul",{class:"race-key"},[...st,"dots"].map(Ji),this.merged));body=o("div",{class:"race-body"},this.
lanes.map(t=>t.root),this.axis.root,this.controls);panels=o("div",{class:"race-panels",hidden:!0});status=o("p",{class:"\
race-status heard",role:"status"});resized=new ResizeObserver(()=>this.later());looked=new IntersectionObserver(t=>{this.
visible=t[t.length-1].isIntersecting,this.begin()});constructor(t,e){this.options=e,this.select.value="1",this.root=t.classList.
contains("specdec-race")?t:t.appendChild(o("div",{class:"specdec specdec-race"}));let i=o("div",{class:"race-headline"},
this.verdict,this.badge),n=[this.from,this.problem,i,this.summary,this.reason,this.estimate];this.root.replaceChildren(
...n,this.body,this.panels,this.status),this.listen(),this.render()}listen(){this.axis.root.addEventListener("keydown",
t=>this.key(t));for(let t of[this.axis.root,...this.lanes.map(e=>e.track)])t.addEventListener("pointerdown",e=>this.grab(
e,t));this.resized.observe(this.root),this.looked.observe(this.body)}destroy(){this.playing=!1;for(let t of[this.frame,
this.pending,this.reading])cancelAnimationFrame(t);this.resized.disconnect(),this.looked.disconnect(),this.root.replaceChildren()}restart(t){
this.reader.clear(),this.append(t)}append(t){this.reader.append(t),this.read()}read(){cancelAnimationFrame(this.reading),
this.reader.parse({budget:Wi})?this.reading=requestAnimationFrame(()=>this.read()):this.take()}take(){let{runs:t,error:e}=this.
reader,i=ds(t),n=e||i&&l(i)||(!t.length&&this.runs.length?l("race.waiting"):""),r=n&&t.length&&t!==this.runs&&this.runs.
length?` ${l("race.kept")}`:"";b(this.problem,n+r),this.problem.hidden=!n,t.length&&(t===this.runs||!e)&&!i&&this.follow(
t),this.later()}follow(t){let e=t===this.runs?this.phase:null;e===null&&(this.pause(),this.tapes=[]),this.runs=t,this.tapes=
t.map((i,n)=>this.tapes[n]?he(this.tapes[n]):le(i)),this.phase=Qi(this.tapes),this.phase!==e&&(this.running()||(this.time=
this.whole()),this.due=this.phase==="done"&&this.options.autoplay!==!1&&!vt(),this.told=!1)}running(){return this.phase===
"plain"||this.phase==="speculative"}whole(){let t=Math.max(0,...this.tapes.map(G));if(this.phase!=="plain")return t||1;
let e=qt(Math.max(t,.2),1);return(Math.floor(t/e)+1)*e}later(){cancelAnimationFrame(this.pending),this.pending=requestAnimationFrame(
()=>this.render())}render(){let t=this.phase==="empty";this.root.dataset.phase=this.phase,this.body.hidden=this.from.hidden=
t,this.headline(),!t&&(this.provenance(),this.layout(),this.begin())}layout(){if(this.width=this.axis.root.clientWidth,
!this.width)return;let t=this.whole(),e=[this.tapes[0],this.tapes[1]||le(Gi)];this.lanes[1].text.style.minHeight=this.running()?
`${this.lanes[0].text.offsetHeight}px`:"";let i=this.lanes.map((n,r)=>n.draw(e[r],this.width/t,this.width));this.merged.
hidden=!i.some(Boolean),this.axis.draw(t,this.width,this.phase!=="plain"),b(this.lanes[0].note,l("race.plain_note")),b(
this.lanes[1].note,this.drafterNote()),this.drawRests(t),this.show()}drafterNote(){return this.tapes[1]?xs(this.runs[1].
header):l(this.phase==="plain"?"race.next":this.phase==="speculative"?"race.under_way":"race.not_run")}drawRests(t){let e=this.
phase==="done",[i,n]=this.tapes.map(G),r=e&&this.tapes[0].ids.length===this.tapes[1].ids.length?"race.saved":"race.earl\
ier",a=e?ps(Math.max(i,n),Math.min(i,n),t):"";this.lanes[0].drawRest(i,n,e&&i<n?l("race.earlier",{time:a}):null),this.lanes[1].
drawRest(n,i,e&&n<i?l(r,{time:a}):null)}show(){let t=this.whole(),e=this.running()?[0,1].map(h=>this.tapes[h]?G(this.tapes[h]):
0):[this.time,this.time],i=Math.min(t,this.running()?e[this.tapes.length-1]:this.time),n=this.lanes.map((h,p)=>h.show(e[p]));
this.lanes.forEach((h,p)=>h.tell(n[p],e[p],t));let[r,a]=n.map(({tokens:h})=>h);this.axis.show(i,l("race.axis_value",{time:R(
i,t),plain:r,speculative:a})),this.root.dataset.time=i.toFixed(3),this.root.dataset.playing=String(this.playing),this.button.
disabled=this.running(),this.axis.root.setAttribute("aria-disabled",String(this.running()));let c=this.playing?"pause":
!this.running()&&this.time>=t-1e-9?"again":"play";c!==this.button.dataset.state&&(this.button.dataset.state=c,this.button.
setAttribute("aria-label",l(`race.${c}`)),this.button.replaceChildren($(Ui[c])))}provenance(){let{target:t,hardware:e,source:i,
created:n}=this.runs[0].header;this.runLive.hidden=i!=="recorded"||!this.options.onRunLive,b(this.tag,l(i==="recorded"?
"race.recorded":"race.live"));let a=[((d,u)=>u?l("race.model",{name:d,size:Nt(u)}):d)(t.name,t.parameters)];this.runs[1]&&
a.push(re(this.runs[1].header));let c=["eager","compiled","graphs"].includes(e.mode)?[l(`stage.mode_${e.mode}`)]:[],h=[
e.name,e.dtype,...c].join(", "),p={models:a.join(" + "),machine:h,date:Pt(n)};b(this.source,l("race.source",p))}headline(){
if(this.told)return;let t=this.phase==="done";for(let e of[this.badge,this.reason,this.estimate,this.panels])e.replaceChildren();
delete this.root.dataset.speedup,delete this.root.dataset.claim,t?this.tellResult():this.tellStanding();for(let e of[this.
badge,this.summary,this.reason,this.estimate,this.panels])e.hidden=!e.textContent;this.told=t||this.phase==="stopped",b(
this.status,this.running()?this.verdict.textContent:`${this.verdict.textContent} ${this.summary.textContent}`)}tellStanding(){
let[t,e]=this.tapes,i=e||t,n=this.phase==="empty"?"none":e?"speculative":this.phase==="speculative"?"next":"plain",r=this.
phase==="stopped"?i.run.footer?.reason==="error"?"failed":"stopped":"running";b(this.verdict,l(`race.${r}_${n}`));let a=i&&
{n:i.ids.length,time:R(G(i),this.whole()),plain:R(G(t),this.whole())},c=r==="failed"&&i.run.footer?.message;b(this.summary,
c||l(`race.${r}_${n}_note`,a||{}))}tellResult(){let[t,e]=this.tapes,i=os(t,e),{speedup:n,claim:r}=i,a=$t(n),c=Number(a)===
1?"even":n>1?"faster":"slower";Object.assign(this.root.dataset,{speedup:n.toFixed(4),claim:r});let h=r==="none"?"":l(`r\
ace.text_${r}`,{position:i.same+1}),p=h?l(`race.${c}`,{speed:a,text:h}):l(`race.${c}_alone`,{speed:a});b(this.verdict,p),
this.wearBadge(i),b(this.summary,gs(i));let d=c==="faster"?"":ys(i);b(this.reason,[bs(i,t,e),d].filter(Boolean).join(" ")),
b(this.estimate,c==="faster"?"":ws(i,this.runs[1])),this.panels.append(ks(i),_s(i),$s(i))}wearBadge({claim:t,same:e,plain:i,
speculative:n}){this.badge.className=`race-badge is-${t}`,t==="same"&&this.badge.append($("accepted"),l("race.badge_sam\
e",{n:i.tokens})),t==="differs"&&this.badge.append($("rejected"),l("race.badge_differs",{n:e,total:Math.max(i.tokens,n.
tokens)})),t==="law"&&this.badge.append(l("race.badge_law")),t==="lossy"&&this.badge.append($("lossy"),l("race.badge_lo\
ssy"))}begin(){!this.due||!this.visible||!this.width||(this.due=!1,this.time=0,this.play())}play(){if(this.running()||this.
phase==="empty")return;this.time>=this.whole()-1e-9&&(this.time=0),this.playing=!0;let t=null,e=i=>{if(!this.playing)return;
let n=t===null?0:Math.min(.25,(i-t)/1e3);if(t=i,this.seek(this.time+n*this.speed),this.time>=this.whole())return this.pause();
this.frame=requestAnimationFrame(e)};this.frame=requestAnimationFrame(e),this.show()}setSpeed(){this.speed=Number(this.
select.value)}pause(){cancelAnimationFrame(this.frame),this.playing&&(this.playing=!1,this.show())}toggle(){this.playing?
this.pause():this.play()}seek(t){this.running()||this.phase==="empty"||(this.time=Math.min(Math.max(0,t),this.whole()),
this.show())}grab(t,e){if(t.button!==0||this.running())return;let{left:i}=this.axis.root.getBoundingClientRect(),n=a=>this.
seek((a.clientX-i)/this.width*this.whole()),r=()=>{e.removeEventListener("pointermove",n);for(let a of["pointerup","poi\
ntercancel"])e.removeEventListener(a,r)};t.preventDefault(),this.axis.root.focus({preventScroll:!0,focusVisible:!1}),this.
due=!1,this.pause(),e.setPointerCapture(t.pointerId),e.addEventListener("pointermove",n);for(let a of["pointerup","poin\
tercancel"])e.addEventListener(a,r);n(t)}key(t){let e={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1}[t.key],i={PageUp:.1,
PageDown:-.1}[t.key],n={Home:0,End:this.whole()}[t.key],r=t.key===" ";if(!(!e&&!i&&n===void 0&&!r||t.altKey||t.ctrlKey||
t.metaKey)){if(t.preventDefault(),this.due=!1,r)return this.toggle();this.pause(),this.seek(n??(i?this.time+i*this.whole():
this.neighbour(e,t.shiftKey)))}}neighbour(t,e){let n=(e?this.tapes.slice(-1):this.tapes).map(r=>t>0?r.ends[at(r,this.time)]??
this.whole():r.ends[at(r,this.time-2e-9)-1]??0);return t>0?Math.min(...n):Math.max(...n)}},Ms=(s,t={})=>{let e=new fe(s,
t);return{show:i=>e.restart(i),append:i=>e.append(i),cut(){},destroy:()=>e.destroy()}};var ot=["guess","check","judge","keep"];function Ss(s,t,e){let i=t.draft.length,n=D(s.header);return i?X(t)?l(`stage.${e}\
_tree_${n}`,{n:i}):l(`stage.${e}_${n}`,{n:i}):l(`stage.${e}_none_${Vi(s,t)||n}`)}function Vi(s,t){let{draft_length:e,branching:i,
max_new_tokens:n}=s.header.settings;return e===0&&!i||t.plan&&t.plan.draft_length===0?"asked":K(s,t.index).tokens+1>=n?
"room":null}var It=(s,t,e)=>{let i=t.draft.length,n=X(t),r=t.draft.filter(c=>c.verdict==="accepted").length;if(s.header.
drafter.name==="none")return[l(e<3?"stage.plain_pass":"stage.plain_round"),""];if(e===0)return[Ss(s,t,"guessing"),""];if(e===
1)return[i?n?l("stage.checking_tree"):l("stage.checking",{n:i}):l("stage.checking_none"),""];let a=Ss(s,t,"guessed");return t.
final?t.final.verdict==="plain"?[a,l("stage.wrote_plain")]:n&&!r?[a,l("stage.kept_none_tree")]:n?[a,l(t.final.verdict===
"bonus"?"stage.kept_path_bonus":"stage.kept_path",{n:r})]:t.final.verdict==="bonus"?[a,l("stage.kept_bonus",{n:i})]:[a,
r?l("stage.kept_correction",{n:r}):l("stage.kept_none")]:[a,r?l("stage.kept_ended",{n:r}):l("stage.kept_ended_none")]},
me=(s,t,e=!1)=>{if(t==="block"&&s.rule&&s.coin!==null)return Zi(s);if(s.verdict==="discarded")return e?[]:[l("stage.not\
_judged")];if(t==="greedy")return[l(`stage.${s.verdict==="accepted"?"match":"mismatch"}${e?"_short":""}`)];if(t==="typi\
cal"&&s.rule)return Xi(s);if(s.accept_prob===null)return[];let i=E(s.accept_prob);if(t==="match")return[l("stage.chance",
{share:i})];let n=[e?i:l("stage.accept",{share:i})];return s.coin!==null&&n.push(l("stage.coin",{coin:z(s.coin,s.accept_prob)[0]})),
n};function Zi(s){let[t,e]=z(s.coin,s.rule.threshold);return[l("stage.threshold",{threshold:e}),l("stage.coin",{coin:t})]}
function Xi(s){let[t,e]=z(s.target_prob,s.rule.threshold);return[l(s.target_prob>s.rule.threshold?"stage.above":"stage.\
not_above",{p:t,threshold:e})]}var Mt=(s,t)=>{let[e,i]=t.split(":"),n=s.rounds[Number(e)];if(!n)return null;let r=i==="f"?n.final:n.draft[Number(i)];if(!r)
return null;let{header:a}=s;return{key:t,token:r,round:n,index:Number(e),rule:a.settings.rule,settings:a.settings,family:D(
a),copied:Bt(a),alone:a.drafter.name==="none",refused:ht(n),branched:X(n)}},Dt=(s,t)=>{let e=s.draft.map((i,n)=>`${t}:${n}`);
return s.final?[...e,`${t}:f`]:e},ge=(s,t,e)=>{let i=Number(t.split(":")[0]),n=Dt(s.rounds[i],i),r=n.indexOf(t)+e;if(r>=
0&&r<n.length)return n[r];let a=s.rounds[i+e];if(!a)return null;let c=Dt(a,i+e);return e>0?c[0]:c[c.length-1]},As=(s,t)=>{
let e=t.beat>=2?t.round:t.round-1,i=s.rounds[e];if(!i)return null;let n=ht(i);return n?`${e}:${i.draft.indexOf(n)}`:i.final?
`${e}:f`:`${e}:${Math.max(0,W(i))}`};var Yi=24,tn=7,J={top:8,height:28},gt={top:48,height:58,most:12},Es=22,Ts=48;function be(s,t){return zt(K(s,t)).acceptance}
var Wt=class{drawn=!1;run;width;size;pitch;most;asBars;cell;bottom;columns;curve;past;future;point;label;last;firstText;nowText;endText;under;constructor({
onRound:t}){this.onRound=t,this.note=o("span",{class:"chart-note"}),this.art=k("svg",{class:"chart-art",role:"group","a\
ria-label":l("stage.chart"),"data-test":"chart"}),this.node=o("figure",{class:"chart"},o("p",{class:"chart-title"},o("b",
{},l("stage.chart"))," ",this.note),this.art),this.art.addEventListener("click",e=>this.pick(e)),this.columns=[],this.playhead=
{n:0,index:0}}pick(t){let e=t.target.closest("[data-first]");e&&this.onRound(Number(e.dataset.first),e)}draw(t,e){Object.
assign(this,{run:t,width:e,drawn:!0});let i=t.rounds.length,n=Math.max(60,e-Ts);this.size=Math.max(1,Math.ceil(i*tn/n));
let r=Math.ceil(i/this.size);this.pitch=Math.min(Yi,n/Math.max(1,r));let a=t.branched?t.deepest:t.longest;this.most=a,this.
asBars=this.size>1||a>gt.most,this.cell=this.asBars?gt.height:Math.min(14.5,(a>4?72:gt.height)/Math.max(1,a));let c=this.
asBars?gt.height:this.cell*a;this.bottom=gt.top+c;let h=this.bottom+Es;I(this.art,{viewBox:`0 0 ${e} ${h}`,width:e,height:h}),
this.describe(a),this.columns=Array.from({length:r},(f,m)=>this.column(m));let p=this.x(i-1);this.past=k("path",{class:"\
alpha-past"}),this.future=k("path",{class:"alpha-future"}),this.point=k("circle",{class:"alpha-point",r:4}),this.label=
k("text",{class:"alpha-label"}),this.last=k("text",{class:"alpha-last",x:Math.min(e-40,p+14)}),this.under=k("rect",{class:"\
chart-under",height:3,rx:1.5,width:Math.max(8,this.pitch-2),y:this.bottom+1}),this.firstText=k("text",{class:"chart-axi\
s",y:this.bottom+18,"text-anchor":"middle"}),this.nowText=k("text",{class:"chart-axis is-now",y:this.bottom+18,"text-an\
chor":"middle"}),this.endText=k("text",{class:"chart-axis",y:this.bottom+18,"text-anchor":"middle"});let d=[J.top,J.top+
J.height].map(f=>k("path",{class:"chart-grid",d:`M0 ${f}H${Math.min(n,p+this.pitch)}`})),u=this.art.contains(document.activeElement);
this.art.replaceChildren(...d,...this.columns,this.future,this.past,this.point,this.label,this.last,this.under,this.firstText,
this.nowText,this.endText),this.curve=this.measure(),this.show(Math.min(this.playhead.n,i),Math.min(this.playhead.index,
i-1)),u&&this.focusColumn(this.playhead.index)}describe(t){let e={n:t,alpha:l(this.asBlock()?"stage.chart_kept":"stage.\
chart_alpha"),size:this.size},i=this.run.rounds.every(r=>r.draft.length===t),n=this.size>1?"stage.chart_grouped":this.run.
branched?"stage.chart_levels":i?"stage.chart_of":"stage.chart_up_to";this.note.replaceChildren(l(n,e),o("span",{class:"\
chart-scale"},` ${l("stage.chart_scale")}`))}asBlock(){return this.run.header.settings.rule==="block"}x(t){return(Math.
floor(t/this.size)+.5)*this.pitch}column(t){let e=t*this.size,i=this.run.rounds.slice(e,e+this.size),n=K(this.run,e),r=K(
this.run,e+i.length),a={accepted:r.accepted-n.accepted,drafted:r.drafted-n.drafted},c=this.size>1?l("stage.chart_group",
{first:e+1,last:e+i.length,...a}):l("stage.chart_column",{round:e+1,...a}),h=t*this.pitch,p=this.asBars?this.bars(h,n,r,
i.length):this.cells(i[0]).map(({verdict:d,place:u},f)=>this.one(h,d,f,`${e}:${u}`));return k("g",{class:"column",role:"\
button",tabindex:"-1","data-first":e,"aria-label":c},k("rect",{class:"column-hit",x:h,y:J.top,width:this.pitch,height:this.
bottom-J.top+Es}),p)}cells(t){return this.run.branched?Xe(t):t.draft.map(({verdict:e},i)=>({verdict:e,place:i}))}one(t,e,i,n){
let r=Math.min(4,this.cell*.28),a=this.pitch*.72,c=this.cell-r,h=t+(this.pitch-a)/2,p=this.bottom-(i+1)*this.cell+r;if(e===
"accepted")return k("rect",{class:"cell is-accepted","data-token":n,x:h,y:p,width:a,height:c,rx:Math.min(2.5,c/3)});let d=Math.
min(c,a,10)/(e==="rejected"?10:16),u=`translate(${t+this.pitch/2} ${p+c/2}) scale(${d}) translate(-8 -8)`;return k("pat\
h",{class:`cell is-${e}`,"data-token":n,d:qe(e),transform:u})}bars(t,e,i,n){let r=gt.height/(this.most*n||1),a=Math.max(
2,this.pitch*.78),c=t+(this.pitch-a)/2,h=this.bottom,p=u=>i[u]-e[u],d=this.run.branched?{accepted:p("accepted"),rejected:p(
"refusals")}:{accepted:p("accepted"),rejected:p("rejected"),discarded:p("discarded")};return Object.entries(d).map(([u,
f])=>{let m=f*r;return h-=m,k("rect",{class:`bar-cell is-${u}`,x:c,y:h,width:a,height:m})})}measure(){let t=[];for(let e=1;e<=
this.run.rounds.length;e++){let i=be(this.run,e);i!==null&&(e%this.size===0||e===this.run.rounds.length)&&t.push([e,this.
x(e-1),J.top+(1-i)*J.height])}return t}show(t,e){if(this.playhead={n:t,index:e},!this.drawn)return;let i=this.run.rounds.
length,n=Math.floor(e/this.size),r=Math.ceil(t/this.size);this.columns.forEach((h,p)=>{h.classList.toggle("is-future",p>=
r),p===n!=(h.getAttribute("tabindex")==="0")&&h.setAttribute("tabindex",p===n?"0":"-1")});let a=h=>h.length?`M${h.map(([
,p,d])=>`${p.toFixed(1)} ${d.toFixed(1)}`).join("L")}`:"",c=this.curve.filter(([h])=>h<=t);this.past.setAttribute("d",a(
c)),this.future.setAttribute("d",a(this.curve.filter(([h])=>h>=t))),this.headline(c,t,i),this.axis(e,i)}headline(t,e,i){
let n=be(this.run,e),r=be(this.run,i),a=t.length>0&&n!==null,c=a?t[t.length-1]:[0,0,0];for(let d of[this.point,this.label])
d.style.display=a?"":"none";if(this.last.style.display=r===null||e>=i?"none":"",r!==null&&(this.last.textContent=E(r),I(
this.last,{y:J.top+(1-r)*J.height+4})),!a)return;I(this.point,{cx:c[1],cy:c[2]}),this.label.textContent=l(this.asBlock()?
"stage.kept_at":"stage.alpha_at",{share:E(n)});let h=c[1]>this.width-Ts-40,p=c[2]<J.top+15?c[2]+19:c[2]-9;I(this.label,
{x:h?c[1]+4:c[1]+8,"text-anchor":h?"end":"start",y:p})}axis(t,e){let i=this.x(t),n=this.x(e-1);I(this.under,{x:i-Math.max(
8,this.pitch-2)/2});for(let{node:r,at:a,text:c,seen:h}of[{node:this.nowText,at:i,text:t+1,seen:!0},{node:this.firstText,
at:this.x(0),text:1,seen:i-this.x(0)>22},{node:this.endText,at:n,text:e,seen:n-i>26}])I(r,{x:Math.max(5,a)}),r.style.display=
h?"":"none",b(r,String(c))}focusColumn(t){let e=this.columns[Math.floor(t/this.size)];e&&e.focus()}};var Ls=(s,t,e)=>{let i=s.getBoundingClientRect(),n=t.map(({chip:r,to:a})=>({chip:r,from:r.getBoundingClientRect(),to:a.
getBoundingClientRect()}));for(let{chip:r,from:a,to:c}of n){let h=r.cloneNode(!0);for(let u of["data-token","data-test",
"aria-label","style"])h.removeAttribute(u);h.setAttribute("aria-hidden","true"),h.tabIndex=-1,h.className=`${r.className}\
 ghost`,h.style.left=`${a.left-i.left}px`,h.style.top=`${a.top-i.top}px`,s.append(h);let p=`translate(${c.left-a.left}p\
x, ${c.top-a.top-8}px) scale(.9)`,d=h.animate([{transform:"none",opacity:.9},{transform:p,opacity:0}],{duration:e,easing:"\
cubic-bezier(.3,.7,.3,1)"});d.onfinish=d.oncancel=()=>h.remove()}};var Cs=s=>{let t=s.drafter.name==="none"?null:ye(s.settings.rule,s.hardware.dtype);if(!t)return[...js(s),Os(s,null)];let e=o(
"span",{class:"key-why",hidden:!0},t.title),i=o("button",{type:"button",class:"badge-button","aria-expanded":"false",on:{
click:()=>{e.hidden=!e.hidden,i.setAttribute("aria-expanded",String(!e.hidden))}}},t);return[...js(s),Os(s,i),e]};function js(s){
let t=()=>o("span",{class:"key-more"},` ${l("stage.key_by")}`),e=(r,...a)=>o("span",{class:`key-item key-${r}`},o("span",
{class:"key-line"}),o("span",{},a));if(s.drafter.name==="none")return[e("plain",l("stage.key_plain"))];let i=Bt(s)?[e("\
plain",l("stage.key_none"))]:[],n=l(`stage.key_kept_${D(s)}`);return[e("accepted",n),e("correction",l("stage.key_correc\
tion"),t()),e("bonus",l("stage.key_bonus"),t()),...i]}function en({branching:s,draft_length:t}){return Array.isArray(s)?
l("stage.setting_branching",{value:s.join("·")}):s?l("stage.setting_dynamic",{value:t}):l("stage.setting_draft_length",
{value:t})}function Os({settings:s,drafter:t},e){let{rule:i}=s,n=t.name==="none"?[]:[Qe(i),en(s)],r={temperature:0,top_k:0,
top_p:1,min_p:0};for(let a of Object.keys(r))s[a]!==void 0&&s[a]!==r[a]&&n.push(l(`stage.setting_${a}`,{value:s[a]}));return i!==
"greedy"&&s.seed!==void 0&&n.push(l("stage.setting_seed",{value:s.seed})),o("span",{class:"key-settings"},o("span",{},n.
join(" · ")),e)}var ye=(s,t="")=>{if(s==="typical")return o("span",{class:"tag badge is-lossy",title:l("stage.lossy_ty\
pical")},$("lossy"),l("stage.lossy"));if(!lt(s))return null;let e=s==="greedy"&&!/32|64/.test(t)?"_half":"";return o("s\
pan",{class:"tag badge",title:l(`stage.lossless_${s}${e}`,{dtype:t})},$("lossless"),l("stage.lossless"))};var Rs=7.4,Ns=9,sn=360,nn=[[16,18,4],[20,14,3],[28,12,3],[48,8,2],[1/0,5,1]],Ps=28;function Bs(s,t){let e=Array.from(O(
s));return e.length>t?`${e.slice(0,t-1).join("")}…`:e.join("")}function rn(s,t,e){let{draft:i}=s.rounds[t],n=U(i,i[e].
parent).map(h=>i[h].text).join(""),r="";for(let h=t-1;h>=0&&r.trim().split(/\s+/).length<4;h--)r=tt(s.rounds[h]).map(p=>p.
text).join("")+r;r.trim().split(/\s+/).length<4&&!mt(s)&&(r=s.header.prompt.text+r);let a=r.replace(/\s+/g," ").split("\
 "),c=a.slice(-3).join(" ");return`${a.length>3?"… ":""}${(c+n).replace(/\s+/g," ").trim()}`}var St=class s{run;index;size;onOpen;key;drawn;rows;asked;beside;longest;constructor(){
let t=`mask-${Math.random().toString(36).slice(2)}`;this.open=!1,this.fold=o("button",{type:"button",class:"mask-fold",
"aria-expanded":"false","aria-controls":t,"data-test":"mask-toggle",on:{click:()=>this.toggle()}},o("b",{},l("stage.mas\
k"))," ",o("span",{},l("stage.mask_pass")),$("next")),this.title=o("p",{class:"mask-title"},o("b",{},l("stage.mask")),"\
 ",o("span",{},l("stage.mask_pass"))),this.art=k("svg",{class:"mask-art",role:"listbox","aria-label":l("stage.mask_labe\
l"),"data-test":"mask"}),this.note=o("p",{class:"mask-note"}),this.reads=o("p",{class:"mask-reads","data-test":"mask-re\
ads"}),this.box=o("div",{class:"mask-box",id:t},this.title,o("div",{class:"mask-scroll"},this.art),o("div",{class:"mask\
-words"},this.note,this.reads)),this.node=o("aside",{class:"mask"},this.fold,this.box),this.rows=[],this.art.addEventListener(
"keydown",e=>this.walk(e))}static measure(t,e){let i=t<=Ps,n=e<sn?Ns-2:Ns,r=i?n*Rs+12:8,a=nn.filter(([c])=>t<=c&&(!i||c<=
Ps)).map(([,c,h])=>({cell:c,gap:h,pitch:c+h,letters:n,labelled:i,labels:r,width:r+(t+1)*(c+h)+h+12}));return a.find(({width:c})=>c<=
e)||a[a.length-1]}layout({beside:t,longest:e,room:i,branching:n}){let r=[t,e,i,n].join();this.asked!==r&&(this.asked=r,
this.beside=t,this.longest=e,this.node.classList.toggle("is-beside",t),this.fold.hidden=t,this.title.hidden=!t,this.size=
s.measure(e,i),b(this.note,l(n?"stage.mask_tree":"stage.mask_chain")),this.drawn=null,this.show())}toggle(){this.open=!this.
open,this.show(),this.run&&this.draw(this.run,this.index),this.open&&this.onOpen&&this.onOpen()}shown(){return this.beside||
this.open}show(){this.box.hidden=!this.shown(),this.fold.setAttribute("aria-expanded",String(this.open)),this.fold.classList.
toggle("is-open",this.open)}draw(t,e){if(Object.assign(this,{run:t,index:e}),!this.shown()||this.drawn===t.rounds[e])return;
let{draft:i}=t.rounds[e];this.drawn=t.rounds[e];let{pitch:n,labels:r,width:a,labelled:c,letters:h}=this.size,p=c?h*Rs+8:
8,d=p+this.longest*n+6;I(this.art,{viewBox:`0 0 ${a} ${d}`,width:a,height:d});let u=g=>r+(g+1)*n+(g>=0?this.size.gap:0),
f=i.map(g=>Bs(g.piece,h)),m=c&&i.length?[Bs(l("stage.mask_text"),h+2),...f].map((g,_)=>this.column(g,u(_-1)+this.size.cell/
2,p-8,e,_-1,i)):[];this.rows=i.map((g,_)=>this.row(g,_,f[_],{x:u,y:p+_*n,labelled:c})),this.art.replaceChildren(...m,...this.
rows),this.node.classList.toggle("is-empty",!i.length);let{key:w}=this;this.key=null,this.tell(w)}column(t,e,i,n,r,a){let c=r<
0?{class:"mask-word is-text"}:{class:`mask-word is-${a[r].verdict}`,"data-token":`${n}:${r}`};return k("text",{...c,transform:`\
translate(${e} ${i}) rotate(-90)`,dy:".35em","aria-hidden":"true"},t)}row(t,e,i,{x:n,y:r,labelled:a}){let{draft:c}=this.
run.rounds[this.index],{cell:h,pitch:p,labels:d,width:u}=this.size,f=U(c,e),m=new Set(f),w=Math.min(4,h/4),g=(L,S)=>k("\
rect",{class:`mask-cell ${S}`,x:n(L),y:r,width:h,height:h,rx:w}),_=l("stage.mask_row",{token:O(t.piece),seen:f.slice(0,
-1).map(L=>O(c[L].piece)).join(", ")||l("stage.mask_none")}),T=(L,S)=>k("rect",{class:L,x:1,y:r-(p-h)/2-S,width:u-2,height:p+
2*S,rx:5});return k("g",{class:`mask-row is-${t.verdict}`,role:"option",tabindex:"-1","aria-selected":"false","aria-lab\
el":_,"data-token":`${this.index}:${e}`},T("mask-hit",0),a?k("text",{class:`mask-word is-${t.verdict}`,x:d-4,y:r+h/2,dy:"\
.35em","text-anchor":"end"},i):null,g(-1,"is-text"),c.map((L,S)=>a||m.has(S)?g(S,m.has(S)?"is-seen":""):null),T("mask-r\
ing",-1))}beat(t){this.node.classList.toggle("is-judged",t)}tell(t){let e=this.key===t;if(this.key=t,!this.shown()||!this.
drawn||e)return;let i=this.rows.findIndex(n=>n.dataset.token===t);this.rows.forEach((n,r)=>{n.setAttribute("aria-select\
ed",String(r===i)),n.classList.toggle("is-lit",r===i),n.setAttribute("tabindex",r===Math.max(0,i)?"0":"-1")}),b(this.reads,
i<0?l("stage.mask_point"):l("stage.mask_reads",{text:rn(this.run,this.index,i)}))}walk(t){let e={ArrowDown:1,ArrowUp:-1}[t.
key],i=this.rows[this.rows.indexOf(document.activeElement)+e];!e||!i||(t.preventDefault(),i.focus())}};var we=30,Ut={roomy:{pitch:70,gap:58,chip:40,below:24},slim:{pitch:54,gap:40,chip:26,below:24},dense:{pitch:31,gap:44,chip:26,
below:8},list:{pitch:46,gap:20,chip:40,below:0}},an=30,on=8,cn=128,ln=8,hn=18;function dn(s,t){let e=t>0?tt(s.rounds[t-
1]):[],i=!mt(s)&&s.header.prompt.tokens||[];return e[e.length-1]||i[i.length-1]||null}var pn=(s,t)=>{let e=s.x+(t.x-s.x)*
.55;return`M${s.x} ${s.y}C${e} ${s.y} ${e} ${t.y} ${t.x} ${t.y}`},un=s=>s.querySelector(".chip").offsetWidth,fn=(s,t)=>`\
M${s.x} ${s.y}V${t.y-8}q0 8 8 8H${t.x}`,At=class s{run;counted;rows;most;size;tallest;placed;parents;tree;root;nodes;names;lines;path;constructor(){
this.heads=o("div",{class:"tree-heads","aria-hidden":"true"}),this.edges=k("svg",{class:"tree-edges","aria-hidden":"tru\
e"}),this.sweep=o("span",{class:"tree-sweep"}),this.canvas=o("div",{class:"tree-canvas"}),this.node=o("div",{class:"tre\
e-box",tabindex:"-1"},this.canvas)}layout(t,e,i){for(this.run!==e&&Object.assign(this,{run:e,counted:0,rows:1,most:0});this.
counted<e.rounds.length;this.counted++){let h=ae(e.rounds[this.counted]);this.most=Math.max(this.most,h.length),this.rows=
Math.max(this.rows,oe(h).rows)}let{rows:n,most:r}=this,a=s.width(e)>t,c=i&&r<=hn?"list":n>ln?"dense":a?"slim":"roomy";this.
size=c,this.tallest=c==="list"?(r+1)*Ut.list.pitch:this.height(n),this.node.dataset.size=c,this.placed=!1}static width(t){
return 70+(t.deepest+1)*cn}height(t){let{pitch:e,chip:i,below:n}=Ut[this.size];return we+(t-1)*e+i+n}draw(t,e,i){let n=t.
rounds[e],r=this.size==="list";this.parents=ae(n),this.tree=r?ts(this.parents):oe(this.parents);let a=dn(t,e);this.root=
o("div",{class:"tree-root"},a?Z(a,"plain"):o("span",{class:"chip is-plain"},"…")),this.nodes=i;let c=[...n.draft.map(
d=>d.verdict),...n.final?[n.final.verdict]:[]];this.lines=c.map((d,u)=>k("path",{class:`edge is-${d}`,style:`--i:${u}`,
"data-at":u<n.draft.length?null:"final"}));let h={discarded:0,rejected:1,accepted:2};this.edges.replaceChildren(...this.
lines.map((d,u)=>[h[c[u]]??3,d]).sort(([d],[u])=>d-u).map(([,d])=>d)),this.names=Array.from({length:this.tree.depth},(d,u)=>o(
"span",{"data-at":u<dt(n.draft)?null:"final"},l("stage.depth",{depth:u+1}))),this.heads.replaceChildren(...this.names);
let p=i.map((d,u)=>[r?this.tree.nodes[u].row:u,d]).sort(([d],[u])=>d-u);this.canvas.replaceChildren(this.heads,this.edges,
this.sweep,this.root,...p.map(([,d])=>d)),this.path=c.map((d,u)=>[d,u]).filter(([d])=>!["rejected","discarded"].includes(
d)).map(([,d])=>d),this.placed=!1}measure(){if(this.placed||!this.tree)return null;let t=[...this.nodes,this.root].map(
un);return{chips:t,root:t.pop(),room:this.node.clientWidth-on}}settle(t){!t||!(t.room>0)||(this.placed=!0,this.size==="\
list"?this.placeList(t):this.placeTree(t))}placeTree({chips:t,root:e,room:i}){let{pitch:n,gap:r,chip:a}=Ut[this.size],c=[
e];this.tree.nodes.forEach((w,g)=>{c[w.depth]=Math.max(c[w.depth]||0,t[g])});let h=i-c.reduce((w,g)=>w+g,0)-r*this.tree.
depth,p=r+Math.min(24,Math.max(an-r,h/Math.max(1,this.tree.depth))),d=c.map((w,g)=>c.slice(0,g).reduce((_,T)=>_+T+p,0)),
u=Math.max(0,this.tallest-this.height(this.tree.rows))/2,f=({depth:w,row:g})=>({x:d[w],y:we+u+g*n}),m=d[d.length-1]+c[c.
length-1];this.put(f,{width:m,height:this.tallest}),this.names.forEach((w,g)=>{w.style.left=`${d[g+1]}px`}),this.tree.nodes.
forEach((w,g)=>{let _=this.parents[g],T=_<0?f(this.tree.root):f(this.tree.nodes[_]),L={x:T.x+(_<0?e:t[_]),y:T.y+a/2},S=f(
w);this.lines[g].setAttribute("d",pn(L,{x:S.x,y:S.y+a/2}))}),this.look(f,this.path.map(w=>this.tree.nodes[w]))}placeList({
room:t}){let{pitch:e,gap:i,chip:n}=Ut.list,r=Math.min(i,Math.max(8,(t-220)/Math.max(1,this.tree.depth))),a=({depth:c,row:h})=>({
x:c*r,y:h*e});this.put(a,{width:t,height:this.tallest}),this.tree.nodes.forEach((c,h)=>{let p=a(this.parents[h]<0?this.
tree.root:this.tree.nodes[this.parents[h]]),d=a(c);this.lines[h].setAttribute("d",fn({x:p.x+r/2,y:p.y+n},{x:d.x,y:d.y+n/
2})),this.nodes[h].style.maxWidth=`${t-d.x}px`,this.nodes[h].style.width=`${t-d.x}px`})}put(t,{width:e,height:i}){let n=(r,{
x:a,y:c})=>{r.style.left=`${a}px`,r.style.top=`${c}px`};this.canvas.style.width=`${e}px`,this.canvas.style.height=`${i}\
px`,this.edges.setAttribute("width",e),this.edges.setAttribute("height",i),n(this.root,t(this.tree.root)),this.nodes.forEach(
(r,a)=>n(r,t(this.tree.nodes[a])))}look(t,e){let{node:i,tree:n}=this,r=[n.root,...e].map(d=>t(d).y),[a,c]=[Math.min(...r),
Math.max(...r)],h=c-a<i.clientHeight-we;i.scrollHeight>i.clientHeight+2&&(i.scrollTop=(h?(a+c)/2:r[r.length-1])-i.clientHeight/
2);let p=e.length?t(e[e.length-1]).x:0;i.scrollWidth>i.clientWidth+2&&(i.scrollLeft=p-i.clientWidth*.6)}};var mn=6,gn=8,bn=40,yn=560,Kt=class{run;round;index;plain;stale;columns;width;bracket;chips;constructor(){this.title=o(
"h2",{class:"round-title"}),this.first=o("b"),this.second=o("span"),this.beats=ot.map(t=>o("li",{class:"beat"},l(`stage\
.beat_${t}`))),this.plan=o("p",{class:"plan","data-test":"plan",hidden:!0}),this.grid=o("div",{class:"guesses",role:"gr\
oup","data-test":"round"}),this.tree=new At,this.mask=new St,this.foot=o("p",{class:"tree-foot"}),this.body=o("div",{class:"\
round-body"},this.grid),this.head=o("div",{class:"round-head"},this.title,o("p",{class:"sentence","data-test":"sentence"},
this.first," ",this.second),o("ol",{class:"beats","aria-hidden":"true"},this.beats)),this.node=o("section",{class:"roun\
d"},this.head,this.plan,this.body,this.foot),this.chips=new Map,this.tallest=0,this.highest=0}relax(){this.tallest=this.
highest=0,this.grid.style.minHeight=this.head.style.minHeight=""}layout(t,e){let{longest:i}=e,n=Math.max(5,i+1),r=i<=mn&&
t>=150+n*118,a=e.branched?"tree":r?"columns":i<=gn?"rows":"cells";this.grid.dataset.layout==="tree"!==e.branched&&(this.
stale=!0),(this.grid.dataset.layout!==a||this.columns!==n||this.width!==t)&&this.relax(),this.width=t,this.columns=n,this.
grid.dataset.layout=a,this.grid.style.setProperty("--columns",String(n)),this.grid.classList.remove("is-tight"),this.plan.
hidden=e.header.settings.draft_length!=="auto",this.foot.hidden=!e.branched,this.layoutMask(t,e)}layoutMask(t,e){let i=t-
At.width(e)-bn,n=e.branched&&i>=300&&St.measure(e.longest,i).width<=i,r=!e.longest||e.header.drafter.name==="none";this.
mask.node.hidden=r;let a=this.tree.size;e.branched&&this.tree.layout(t,e,t<yn),this.tree.size!==a&&(this.stale=!0),this.
mask.layout({beside:n,longest:e.longest,room:n?i:t,branching:e.branched}),this.body.classList.toggle("has-mask",n);let c=n?
this.body:this.node;this.mask.node.parentNode!==c&&c.append(this.mask.node)}draw(t,e){let i=t.rounds[e],{rule:n}=t.header.
settings;this.plain=t.header.drafter.name==="none",Object.assign(this,{run:t,round:i,index:e}),this.chips.clear(),b(this.
title,l("stage.round",{round:e+1})),this.node.classList.toggle("is-plain",this.plain),I(this.grid,{"data-plain":String(
this.plain),"data-drafted":i.draft.length}),this.grid.style.setProperty("--n",String(i.draft.length)),this.grid.classList.
remove("is-tight"),this.tellPlan(i.plan),this.grid.dataset.layout==="tree"?this.drawTree(t,e,n):this.drawChain(t,i,n),this.
stale=!1}tellPlan(t){b(this.plan,t?.reason?String(t.reason):l("stage.plan_none"))}drawChain(t,e,i){let n=e.draft.findIndex(
c=>c.verdict==="rejected"),r=e.draft.map((c,h)=>this.guess(c,h,me(c,i))),a=n>=0?n:e.draft.length;e.final&&r.splice(e.final.
verdict==="correction"?a+1:r.length,0,this.final(e,a)),this.bracket=o("div",{class:"bracket",hidden:!e.draft.length},o(
"span",{class:"sweep"})),this.grid.removeAttribute("aria-label"),this.grid.replaceChildren(...this.plain?[]:this.labels(
t,e),this.bracket,...r,...this.free(e))}drawTree(t,e,i){let{round:n}=this,{size:r}=this.tree,a=r==="dense"||r==="slim",
c=n.draft.map((h,p)=>this.guess(h,p,r==="dense"?[]:me(h,i,!0),{mark:!0,small:a}));if(n.final){let h=this.finalChip(n.final,
a);c.push(o("div",{class:"final","data-verdict":n.final.verdict,style:`--i:${c.length}`},h,r==="dense"?null:o("span",{class:`\
numbers of-${n.final.verdict}`},l(`stage.${n.final.verdict}`))))}this.tree.draw(t,e,c),this.grid.setAttribute("aria-lab\
el",l("stage.tree_label",{n:n.draft.length,depth:dt(n.draft)})),this.grid.replaceChildren(this.tree.node),this.foot.replaceChildren(
...this.footer(t,n,i)),this.foot.classList.toggle("is-empty",!n.draft.length)}footer(t,e,i){let n=h=>e.draft.filter(p=>p.
verdict===h).length,r=h=>o("span",{class:`of-${h}`},$(h),l(`stage.ledger_${h}`,{n:n(h)})),a=o("span",{class:"tree-ledge\
r ledger","data-test":"tree-ledger"});C(a,"stage.ledger",{accepted:r("accepted"),rejected:r("rejected"),discarded:r("di\
scarded"),drafted:e.draft.length});let c=o("span",{class:"tree-walk"});return["greedy","rejection","typical"].includes(
i)&&C(c,`stage.walk_${i}`,{p:o("var",{class:"of-p"},"p")}),[c,a,o("span",{class:"tree-cost"},this.costs(t,e).map(([,h,p])=>`${h}\
: ${p}`).join(" · "))]}costs(t,e){let i=e.passes.draft,n=i?l("stage.guess_passes",{n:i,time:Rt(e.seconds.draft)}):l("s\
tage.guess_no_pass",{time:Rt(e.seconds.draft)}),r=Rt(e.seconds.verify),a=e.passes.target===1?l("stage.check_pass",{time:r}):
l("stage.check_passes",{n:e.passes.target,time:r});return[["guesses",l(`stage.row_${D(t.header)}`),n],["checks",l("stag\
e.row_checks"),a]]}labels(t,e){return[...this.costs(t,e),["writes",l("stage.row_writes"),e.final?l("stage.writes_same"):
""]].map(([n,r,a])=>o("div",{class:`row-label row-${n}`},o("span",{},r),o("small",{},a)))}guess(t,e,i,{mark:n=!1,small:r=!1}={}){
let a=`${this.index}:${e}`,c=Z(t,t.verdict,{tag:"button",mark:n,small:r,attributes:{type:"button","data-token":a,"data-\
verdict":t.verdict}});this.chips.set(a,c);let h=n?null:o("span",{class:"verdict"},$(t.verdict),o("b",{},l(`stage.${t.verdict}`)));
return o("div",{class:"guess","data-verdict":t.verdict,style:`--i:${e}`},n?null:o("span",{class:"nth","aria-hidden":"tr\
ue"},String(e+1)),c,h,o("span",{class:"numbers"},i.map((p,d)=>o("span",{},p+(d<i.length-1?", ":"")))))}finalChip(t,e=!1){
let i=`${this.index}:f`,n=l("stage.final_label",{token:O(t.piece),verdict:l(`stage.${t.verdict}`)}),r=Z(t,t.verdict,{tag:"\
button",small:e,mark:t.verdict!=="plain",attributes:{type:"button","data-token":i,"data-verdict":t.verdict,"aria-label":n}});
return this.chips.set(i,r),r}final(t,e){let i=t.final,n=o("span",{});i.verdict==="correction"&&t.draft[e]?C(n,"stage.in\
_place",{token:o("q",{},nt(t.draft[e].piece,24))}):i.verdict==="bonus"?b(n,l("stage.free_token",{n:t.draft.length})):this.
plain||b(n,l("stage.alone_token"));let r=this.plain?0:e,a=r>=this.columns-2&&r>1;return o("div",{class:"final","data-ve\
rdict":i.verdict,style:`--i:${r}`,"data-late":a},this.finalChip(i),o("div",{class:"final-note"},o("b",{class:`of-${i.verdict}`},
l(`stage.${i.verdict}`))," ",n))}free(t){if(!t.draft.length||!t.final||t.draft.length>this.columns-1)return[];let e=t.final.
verdict==="bonus";return[o("p",{class:"free","data-kept":e,style:`--i:${t.draft.length}`},l("stage.free",{n:t.draft.length}))]}beat(t,e,{
still:i}){this.stale&&this.draw(t,this.index),this.mask.draw(t,this.index),this.node.dataset.beat=ot[e],this.node.classList.
toggle("is-still",i),this.beats.forEach((c,h)=>c.classList.toggle("is-now",h===e));let[n,r]=It(t,this.round,e);b(this.first,
n),b(this.second,r);let a=e>=2;this.mask.beat(a),this.round.draft.forEach((c,h)=>{let p=this.chip(h);p.classList.toggle(
"is-pending",!a),p.classList.toggle(`is-${c.verdict}`,a),p.setAttribute("aria-label",this.named(c,h,a))})}chip(t){return this.
chips.get(`${this.index}:${t}`)}named(t,e,i){let n={token:O(t.piece),n:e+1,of:this.round.draft.length,verdict:l(`stage.${t.
verdict}`)};if(this.grid.dataset.layout!=="tree")return l(i?"stage.chip_label":"stage.chip_pending",n);let r=this.round.
draft[t.parent],a={depth:U(this.round.draft,e).length,parent:r?O(r.piece):l("stage.root")};return l(i?"stage.node_label":
"stage.node_pending",{...n,...a})}tell(t){this.mask.tell(t)}refit(){return this.tree.placed=!1,this}measure(){if(!this.
round)return null;let{grid:t,round:e}=this,i=this.head.offsetHeight;if(t.dataset.layout==="tree")return{head:i,tree:this.
tree.measure()};let n=t.dataset.layout==="columns",r=e.final?this.chip("f"):null,[a,c]=n&&e.draft.length?[this.chip(0),
this.chip(e.draft.length-1)]:[];return{head:i,tight:n&&t.scrollWidth>t.clientWidth,bracket:a&&c?`${c.offsetLeft+c.offsetWidth-
a.offsetLeft}px`:"",chip:r?r.offsetWidth:0,height:t.offsetHeight}}settle(t){if(t){if(t.head>this.highest&&(this.highest=
t.head,this.head.style.minHeight=`${t.head}px`),"tree"in t)return this.tree.settle(t.tree);t.tight&&(this.grid.classList.
add("is-tight"),t={...this.measure(),tight:!1}),this.bracket.style.width=t.bracket,this.grid.style.setProperty("--chip",
`${t.chip}px`),!(t.height<=this.tallest)&&(this.tallest=t.height,this.grid.style.minHeight=`${t.height}px`)}}};var xe=60,wn=/[\u202a-\u202e\u2066-\u2069]/;function xn(s,t){let e=s.text.length-s.text.trimStart().length,i=wn.test(s.
text)?" is-apart":"";return o("span",{class:`token is-${s.verdict}${i}`,"data-token":t},s.text.slice(0,e),o("span",{class:"\
under"},s.text.slice(e)))}var Gt=class{rounds;hidden;shown;now;expanded;sweeping;constructor(){this.prompt=o("span",{class:"\
text-prompt"}),this.body=o("span",{class:"text-body"}),this.ending=o("span",{class:"text-ending tag is-future"}),this.caret=
o("span",{class:"caret","aria-hidden":"true"}),this.flow=o("p",{class:"text-flow",dir:"auto","data-test":"text"},this.prompt,
this.body," ",this.ending,this.caret),this.box=o("div",{class:"text-box",role:"group","aria-label":l("stage.text")},this.
flow),this.all=o("button",{type:"button",class:"text-all",hidden:!0,"aria-expanded":"false",on:{click:()=>this.expand()}}),
this.node=o("div",{class:"text"},this.box,this.all),this.clear()}clear(){clearTimeout(this.sweeping),this.rounds=[],this.
hidden=[],this.shown=0,this.now=null,this.body.replaceChildren(),b(this.ending,""),this.expand(!1)}build(t){b(this.prompt,
t.header.prompt.text),this.prompt.classList.toggle("is-source",mt(t));let e=document.createDocumentFragment();for(let i=this.
rounds.length;i<t.rounds.length;i++){let n=vn(t.rounds[i],i).map(([a,c])=>xn(a,c)),r=o("span",{class:"text-round is-fut\
ure"},n);this.rounds.push(r),this.hidden.push(!0),e.append(r)}this.body.append(e)}show(t,e){this.shown=t,clearTimeout(this.
sweeping),this.reveal(t-xe,t+xe,1/0),this.sweep();let i=t>0?this.rounds[t-1]:this.prompt;this.now!==i&&(this.now&&this.
now.classList.remove("is-now"),this.now=i),i.classList.toggle("is-now",e&&t>0)}reveal(t,e,i){let n=Math.min(e,this.rounds.
length);for(let r=Math.max(0,t);r<n;r++){let a=r>=this.shown;if(this.hidden[r]!==a){if(i--<=0)return!0;this.hidden[r]=a,
this.rounds[r].classList.toggle("is-future",a)}}return!1}sweep(){this.hidden.some((t,e)=>t!==e>=this.shown)&&(this.sweeping=
setTimeout(()=>{this.reveal(0,this.rounds.length,xe),this.sweep()},0))}end(t,e){b(this.ending,t),this.ending.classList.
toggle("is-future",!e||!t)}measure(){let{box:t,flow:e,now:i}=this,n=i?i.getClientRects():[];return n.length?{...{first:n[0],
last:n[n.length-1],flow:e.getBoundingClientRect(),box:t.getBoundingClientRect()},tall:this.expanded||t.scrollHeight>t.clientHeight+
2}:null}settle(t){if(!t)return;let{first:e,last:i,flow:n,box:r}=t;this.caret.style.transform=`translate(${i.right-n.left+
2}px, ${i.top-n.top}px)`,this.caret.style.height=`${i.height}px`,this.all.hidden=!t.tall,this.node.classList.toggle("is\
-tall",t.tall),!(this.expanded||!t.tall)&&(i.bottom+10>r.bottom?this.box.scrollTop+=i.bottom+10-r.bottom:e.top-10<r.top&&
(this.box.scrollTop+=e.top-10-r.top))}expand(t=!this.expanded){this.expanded=t,this.node.classList.toggle("is-open",t),
this.all.setAttribute("aria-expanded",String(t)),b(this.all,l(t?"stage.show_less":"stage.show_all")),this.settle(this.measure())}span(t){
return this.body.querySelector(`[data-token="${t}"]`)}};function vn(s,t){let e=new Map(s.draft.map((i,n)=>[i,`${t}:${n}`]));
return s.final&&e.set(s.final,`${t}:f`),tt(s).map(i=>[i,e.get(i)])}var Jt=class{formulas;asked;constructor(){this.lead=o("b"),this.rest=o("span"),this.totals=["acceptance","per_pass","ef\
ficiency"].map(t=>this.total(t)),this.ledger=o("p",{class:"ledger","data-test":"ledger"}),this.ending=o("p",{class:"end\
ing","data-test":"ending"}),this.formula=o("p",{class:"total-formula","aria-live":"polite"}),this.node=o("section",{class:"\
totals","data-test":"totals"},o("p",{class:"totals-title"},this.lead," ",this.rest),o("div",{class:"totals-row"},this.totals.
map(t=>t.node)),this.ledger,this.ending,this.formula)}total(t){let e=o("span",{class:"total-value"}),i=o("span",{class:"\
total-count"}),n=o("span",{class:"total-name"},l(`stage.${t}`)),r=()=>this.explain(t),a=()=>this.explain(null),c=o("but\
ton",{type:"button",class:"total","data-total":t,on:{focus:r,pointerenter:r,blur:a,pointerleave:a,click:r}},e,n,i);return{
kind:t,node:c,value:e,count:i,name:n}}explain(t){this.asked=t,b(this.formula,t&&this.formulas?this.formulas[t]:"")}show(t,e){
let i=K(t,e),n=zt(i),r=i.accepted+i.refusals,a=l("stage.none_yet"),c=m=>m===null?a:E(m),h=n.perPass===null?a:n.perPass.
toFixed(1);b(this.lead,e===0?l("stage.totals_none"):e===1?l("stage.totals_one"):l("stage.totals_rounds",{n:e})),b(this.
rest,l("stage.totals_of",{rounds:t.rounds.length}));let p=t.header.drafter.name==="none",d=(m,w,g)=>{b(this.totals[m].value,
w),b(this.totals[m].count,g),this.totals[m].node.hidden=p&&m!==1},u=t.header.settings.rule==="block";b(this.totals[0].name,
l(u?"stage.acceptance_block":"stage.acceptance")),d(0,c(n.acceptance),l("stage.acceptance_count",{accepted:i.accepted,judged:r})),
d(1,h,l("stage.per_pass_count",{tokens:i.tokens,n:i.passes})),d(2,c(n.efficiency),l("stage.efficiency_count",{accepted:i.
accepted,drafted:i.drafted})),this.formulas={acceptance:l(u?"stage.acceptance_block_formula":"stage.acceptance_formula",
{accepted:i.accepted,judged:r,share:c(n.acceptance)}),per_pass:l("stage.per_pass_formula",{tokens:i.tokens,passes:i.passes,
value:h}),efficiency:l("stage.efficiency_formula",{accepted:i.accepted,drafted:i.drafted,share:c(n.efficiency)})},this.
explain(this.asked||null),this.ledger.hidden=p;let f=m=>o("span",{class:`of-${m}`},$(m),l(`stage.ledger_${m}`,{n:i[m]}));
C(this.ledger,"stage.ledger",{accepted:f("accepted"),rejected:f("rejected"),discarded:f("discarded"),drafted:i.drafted})}};var kn=[[.5,"½×"],[1,"1×"],[2,"2×"],[4,"4×"]],Qt=class{constructor(t){let e=a=>o("button",{type:"button",class:`st\
ep step-${a}`,"data-test":a,"aria-label":l(`stage.${a}`),title:l(`stage.${a}`),on:{click:t[a]}},$(a));this.playButton=e(
"play"),this.playButton.append($("pause")),this.slider=o("input",{type:"range",class:"slider",min:1,max:4,step:1,value:1,
"aria-label":l("stage.playhead"),"data-test":"playhead",on:{input:()=>t.scrub(Number(this.slider.value))}}),this.ticks=
[k("path",{}),k("path",{})];let i=(a,c)=>k("svg",{class:`ruler ruler-${a}`,preserveAspectRatio:"none","aria-hidden":"tr\
ue"},c);this.rulers=[i("ahead",this.ticks[0]),i("past",this.ticks[1])],this.position=o("span",{class:"position","data-t\
est":"position"});let n=kn.map(([a,c])=>o("option",{value:a,selected:a===1},c)),r=o("select",{class:"pick","aria-label":l(
"stage.speed"),"data-test":"speed",on:{change:()=>t.speed(Number(r.value))}},n);this.node=o("div",{class:"transport",role:"\
group"},e("first"),e("previous"),this.playButton,e("next"),e("last"),o("div",{class:"scrub"},this.rulers,this.slider),this.
position,o("span",{class:"picker"},r,$("next")))}place({round:t,beat:e},i){let n=t*4+e+1;this.slider.value=String(n),this.
slider.setAttribute("aria-valuetext",l("stage.playhead_value",{round:t+1,rounds:i,beat:l(`stage.beat_${ot[e]}`)}));let r=(n-
1)/Math.max(1,i*4-1);this.rulers[1].style.clipPath=`inset(0 ${(100-r*100).toFixed(3)}% 0 -2px)`,b(this.position,l("stag\
e.position",{round:t+1,rounds:i}))}scale(t){let e=t*4-1,i=Math.max(1,this.slider.clientWidth),n=[1,5,10,50,100,500,1e3].
find(a=>i*a/t>9)||5e3,r=`M0 8H${e}M0 3V13`;for(let a=n;a<=t;a+=n)r+=`M${a*4-1} 3V13`;this.slider.max=String(t*4);for(let[
a,c]of this.rulers.entries())c.setAttribute("viewBox",`0 0 ${e} 16`),this.ticks[a].setAttribute("d",r)}moving(t){this.playButton.
classList.toggle("is-on",t);let e=l(t?"stage.pause":"stage.play");this.playButton.title!==e&&(this.playButton.title=e,this.
playButton.setAttribute("aria-label",e))}};var j=s=>o("b",{class:"of-p"},M(s)),Q=s=>o("b",{class:"of-q"},M(s)),q=()=>o("var",{},"u"),y=(s,t)=>C(o("p",{class:"why-\
sentence"}),s,t),ct=(...s)=>o("p",{class:"formula"},s),it=()=>o("span",{class:"sign"},"="),x=(s,t=s.verdict)=>Z(s,t,{mark:t!==
"plain",small:!0}),Vt=s=>Math.min(1,Math.max(0,s)),Et=s=>"parent"in s;function ve({target_prob:s,draft_prob:t}){let[e,i]=z(
s,t);return{p:o("b",{class:"of-p"},e),q:o("b",{class:"of-q"},i)}}function Zt(s,t){let{p:e,q:i}=ve(s),n=o("span",{class:"\
formula-letters"},"min(1, ",o("i",{},"p"),"/",o("i",{},"q"),")",it());return ct(n,"min(1, ",e," / ",i,")",it(),o("b",{},
t))}var ke=()=>o("span",{class:"formula-inline"},"max(0, ",o("i",{},"p")," − ",o("i",{},"q"),")");var _n=s=>{let t=o("span",{class:"why-chips"});return s.forEach((e,i)=>t.append(i?" ":"",x(e))),t};function bt({token:s,
round:t,branched:e}){if(!e)return[];let{nth:i,of:n,before:r}=rt(t.draft,s);if(n<2)return[];let a=t.draft[s.parent],c=a?
x(a):l("stage.root");return r.length?[y("stage.sibling_later",{nth:i,of:n,parent:c,before:_n(r)})]:[y("stage.sibling_fi\
rst",{nth:i,of:n,parent:c})]}var _e=({token:s,round:t})=>{if(s.verdict!=="rejected")return s;let e=t.draft.find(n=>n.parent===s.parent&&n.verdict===
"accepted"),i=s.parent===W(t)&&t.final&&t.final.verdict==="correction";return e||(i?t.final:null)};function zs(s){let{token:t,
copied:e,round:i}=s,n=_e(s),r=t.verdict==="accepted",a=r?"match":n?"mismatch":"mismatch_other",c={token:x(t),p:j(t.target_prob),
q:Q(t.draft_prob),source:l(`stage.source_${s.family}`)};n&&Object.assign(c,{choice:x(n),best:j(n.target_prob)});let h=n&&
Et(n)&&n!==t,{next:p}=s.branched?rt(i.draft,t):{next:null},d=r?"greedy_kept":h?"greedy_refused_sibling":p?"greedy_refus\
ed_next":n?"greedy_refused":"greedy_refused_end";return[...bt(s),y(`stage.greedy_${e?"copied_":""}${a}`,c),o("p",{class:`\
verdict-line of-${t.verdict}`},$(t.verdict),o("b",{},l(r?"stage.equal":"stage.differ"))),y(`stage.${d}`,{choice:n?x(n):
"",next:p?x(p):""})]}function $e(s,t,e,i=0){return o("div",{class:`bar bar-${s}`},o("span",{class:"bar-fill",style:t>0?`width:${t*100}%`:"di\
splay:none"}),o("span",{class:"bar-value",style:i>0?`margin-left:${i*100}%`:null},e))}function $n(s){let{token:t,rule:e}=s,
i=t.verdict==="accepted"||t.verdict==="rejected"||t.verdict==="discarded",n=t.verdict==="rejected"||t.verdict==="correc\
tion";return{q:e!=="typical"&&e!=="match"?i||t.verdict==="correction":e==="match"&&i,residual:(e==="rejection"||e==="bl\
ock")&&n,ranks:e==="greedy"&&t.verdict!=="discarded",threshold:e==="typical"&&t.rule&&i?t.rule.threshold:null}}function Mn(s,t,e){
let[i,,n,,r]=e;if(t.residual)return r>0?null:l("stage.nothing_left");if(t.threshold!==null)return n>t.threshold?"":l("s\
tage.not_kept");let a=[];if(t.ranks){let h=_e(s);h&&h.id===i&&a.push(l("stage.first_choice"))}let c=s.token.verdict==="\
correction"?s.refused:t.q?s.token:null;return t.ranks&&c&&c.id===i&&a.push(l("stage.drafted")),s.rule==="match"&&s.drawn&&
s.drawn.id===i&&a.push(l("stage.drawn")),a.join(", ")}function Sn(s,t,[e,,i]){let{token:n,round:r,refused:a}=s;if(n.verdict===
"correction"&&a&&a.id===e)return"is-rejected of-rejected";let c=t.threshold!==null&&i<=t.threshold?"is-under":"";return n.
id===e?`${c} is-own is-${n.verdict} of-${n.verdict}`:n===a&&r.final&&r.final.verdict==="correction"&&r.final.id===e?"is\
-own of-correction":c}function An(s,t,e,i){let[,n,r,a,c]=e,h={token:O(n),p:M(r),q:M(a),residual:E(c)},p=t.residual?"bar\
_row_residual":t.q?"bar_row_q":"bar_row",d=Mn(s,t,e);return o("li",{class:`bars-row ${Sn(s,t,e)}`},o("span",{class:"hea\
rd"},`${l(`stage.${p}`,h)} ${d||""}`.trim()),o("span",{class:"bars-label","aria-hidden":"true"},nt(n,16)),o("div",{class:"\
bars-pair","aria-hidden":"true"},$e("p",r/i,M(r),t.threshold===null?0:(Math.min(t.threshold,i)-r)/i),t.q?$e("q",a/i,M(a)):
null),o("div",{class:"bars-note","aria-hidden":"true"},d===null?$e("residual",c,E(c)):d))}function En(s){return o("li",
{class:"bars-row bars-head","aria-hidden":"true"},o("span",{}),o("div",{class:"bars-names"},C(o("b",{class:"of-p"}),"st\
age.bars_target",{p:o("var",{},"p")}),s.q?C(o("b",{class:"of-q"}),"stage.bars_drafter",{q:o("var",{},"q")}):null),s.residual?
o("b",{class:"of-residual"},l("stage.bars_residual")):o("span",{}))}function Tn(s,t,e){let i=Math.min(1,s/t);return o("\
li",{class:"bars-row bars-line","aria-hidden":"true"},o("span",{}),o("div",{class:"bars-pair"},o("span",{class:"bars-th\
reshold",style:`left:calc((100% - 48px) * ${i.toFixed(4)});--rows:${e}`},C(o("span",{}),"stage.threshold_line",{threshold:o(
"b",{},M(s))}))),o("span",{}))}var Fs=s=>{let t=$n(s),{top:e,tail:i}=s.token,n=Math.max(1e-9,...e.map(h=>Math.max(h[2],
t.q?h[3]:0))),r=[j(i[0]),t.q?Q(i[1]):null],a=o("li",{class:"bars-row bars-others"},o("span",{class:"bars-label"},l("sta\
ge.others")),o("div",{class:"bars-rest"},r),o("div",{class:"bars-note"},t.residual?E(Math.min(1,Math.max(0,i[2]))):"")),
c=t.threshold===null?null:Tn(t.threshold,n,e.length);return o("ul",{class:`bars ${c?"has-line":""}`,"data-residual":t.residual,
"data-alone":!t.q,"aria-label":l("stage.bars_heading")},En(t),c,e.map(h=>An(s,t,h,n)),a)};function yt(s){let{token:t,round:e,copied:i,branched:n,refused:r}=s,a=y(i?"stage.behind_bars_copied":"stage.behind_bars",
{p:j(t.target_prob),q:Q(t.draft_prob)});if(!n)return[r?y("stage.behind",{token:x(r)}):y("stage.behind_end"),a];let{draft:c}=e,
h=U(c,c.indexOf(t)).map(d=>c[d]).find(d=>d.verdict!=="accepted");if(h.verdict==="rejected")return[y("stage.behind",{token:x(
h)}),a];let p=c.find(d=>d.parent===h.parent&&d.verdict==="accepted");return p?h===t?[y("stage.beside",{kept:x(p)}),a]:[
y("stage.behind_beside",{token:x(h),kept:x(p)}),a]:[y("stage.behind_end"),a]}var Ln=76,Me=92,Tt=s=>s.coin!==null,Se=s=>Tt(s)&&s.coin<s.rule.threshold,Hs=s=>s.filter(t=>t.verdict==="accepted").length,
qs=s=>Tt(s)?l(Se(s)?"stage.block_passes":"stage.block_fails"):l("stage.none_yet");function jn(s,t,{here:e,key:i}){let{product:n,
threshold:r}=s.rule,a=Se(s),c=s.draft_prob>0?Ke(s.target_prob/s.draft_prob):"–",[h,p]=Tt(s)?z(s.coin,r):[l("stage.non\
e_yet"),M(r)],d=e?"is-here":"",u=(_,T,...L)=>o("div",{class:`block-cell block-${T} ${d} ${a?"is-pass":""}`,style:`grid-\
area:${_}/${t+2}`,"aria-hidden":"true"},L),f={n:t+1,token:O(s.piece),coin:h,threshold:p,outcome:qs(s)},m=Tt(s)?l("stage\
.block_heard",f):l("stage.block_heard_not",f),w=Z(s,s.verdict,{mark:!0,small:!0,attributes:{"data-token":i}}),g=o("div",
{class:"block-bar"},o("span",{class:"block-fill",style:`height:${r*100}%`}),Tt(s)?[o("span",{class:"block-coin",style:`\
bottom:${s.coin*100}%`}),o("b",{class:"block-value",style:`bottom:${s.coin*100}%`},h)]:null);return[o("span",{class:"he\
ard"},m),u(1,"chip",w),u(2,"number",c),u(3,"number",M(n)),u(4,"limit",p),u(5,"room",g),u(6,"outcome",qs(s))]}function On(s){
let t=Hs(s),e=t+(t<s.length&&s[t].verdict==="rejected"?1:0),i=(r,a)=>l(r==="accepted"&&a>1?"stage.block_accepted":`stag\
e.${r}`),n=(r,a,c)=>a>r?[o("div",{class:`block-span is-${c} of-${c}`,style:`grid-area:7/${r+2}/8/${a+2}`},i(c,a-r))]:[];
return[...n(0,t,"accepted"),...n(t,e,"rejected"),...n(e,s.length,"discarded")]}function Cn(s){let{round:t,index:e,token:i,
room:n}=s,{draft:r}=t,a=Math.max(Ln,Math.min(104,(n-Me)/r.length)),c=(d,u,...f)=>o("div",{class:`block-name block-name-${u}`,
style:`grid-area:${d}/1`,"aria-hidden":"true"},f),h=()=>o("var",{},"h"),p=()=>o("var",{},"u");return o("div",{class:"bl\
ock",tabindex:r.length*a+Me>n?"0":null,role:"group","aria-label":l("stage.block_label")},o("div",{class:"block-grid",style:`\
grid-template-columns:${Me}px repeat(${r.length}, ${a}px)`},c(2,"ratio",o("i",{},"p/q")),c(3,"product",l("stage.block_p\
roduct")),c(4,"limit",l("stage.block_threshold")," ",h()),c(5,"scale",o("span",{},"1"),o("span",{class:"block-legend"},
o("span",{class:"block-coin"}),l("stage.block_coin")," ",p()),o("span",{class:"block-legend"},o("span",{class:"block-sw\
atch"}),l("stage.block_threshold")," ",h()),o("span",{},"0")),c(6,"test",p()," < ",h()),r.map((d,u)=>jn(d,u,{here:d===i,
key:`${e}:${u}`})),On(r)))}function Rn({token:s,round:t}){let{draft:e}=t,i=Hs(e)-1,n=e.indexOf(s),r={n:n+1,last:i+1,token:x(
s),refused:i+1<e.length?x(e[i+1]):""},a=Se(s);return n>i+1?y("stage.block_behind",r):n===i+1?y(n===e.length-1?"stage.bl\
ock_stops":"stage.block_ends",r):t.final?n===i?y("stage.block_last",r):y(a?"stage.block_both":"stage.block_fails_yet",r):
y(a?"stage.block_ended":"stage.block_ended_yet",r)}var Is=s=>{if(s.token.coin===null)return yt(s);let t=s.round.final?[
y("stage.block_writes",{token:x(s.round.final)})]:[];return[y("stage.block_lead",{last:o("b",{},l("stage.block_the_last"))}),
Cn(s),Rn(s),...t]},Ds=({token:s,round:t,refused:e})=>{let i=W(t),n=i<0||!t.draft[i].rule?1:t.draft[i].rule.product,r=s.
top.find(d=>d[0]===s.id),a=[y("stage.block_residual",{refused:x(e||s),u:q(),coin:M(s.coin)})];if(!r)return a;let c=o("s\
pan",{class:"formula-letters"},"max(0, ",o("i",{},"P·p")," − ",o("i",{},"q"),")",it()),h=Math.max(0,n*r[2]-r[3]);h>0&&
a.push(ct(c,"max(0, ",o("b",{},M(n))," · ",j(r[2])," − ",Q(r[3]),")",it(),o("b",{},M(h))));let p=o("b",{class:"of-re\
sidual"},E(r[4]));return[...a,y("stage.residual_share",{token:x(s),share:p,p:j(s.target_prob)}),y(i<0?"stage.block_prod\
uct_start":"stage.block_product_here",{product:o("i",{},"P"),value:o("b",{},M(n))})]};function Ws(s){let{token:t,round:e,refused:i}=s,n=t.verdict==="accepted"?t:t===i?e.final:null,r=o("b",{},E(t.target_prob)),
a=t.coin===null?"":M(t.coin),c=Math.min(1,t.draft_prob>0?t.target_prob/t.draft_prob:1);return s.drawn=n,[y(n?"stage.mat\
ch_drew":"stage.match_drew_other",{u:q(),coin:a,choice:n?x(n):"",token:x(t)}),o("p",{class:`verdict-line of-${t.verdict}`},
$(t.verdict),o("b",{},l(t.verdict==="accepted"?"stage.equal":"stage.differ"))),y("stage.match_chance",{p:j(t.target_prob),
share:r}),y(c>t.target_prob?"stage.match_rival":"stage.match_rival_same",{token:x(t),share:o("b",{},E(c))}),Zt(t,M(c))]}var et=50;function Nn(s,t,e){let[i,n]=[Math.min(s,t)*e,Math.max(s,t)*e],r=n-i<et?(et-(n-i))/2:0,a=e-et/2,c=Math.min(Math.
max(i-r,et/2),a-et),h=Math.min(Math.max(n+r,c+et),a);return s<=t?{accept:c,coin:h}:{accept:h,coin:c}}function Us(s,t,e,i){
let n=d=>`left:${Vt(d)*100}%`,a=s>=1?{coin:Math.min(Math.max(t*i,et/2),i-et/2)}:Nn(s,t,i),c=(d,u,f="")=>o("span",{class:`\
tick ${f}`,style:`left:${d}px`},u),h=Object.entries(a).map(([d,u])=>c(u,o("b",{},e[d]))),p=d=>Object.values(a).every(u=>Math.
abs(d-u)>et*.8);return p(4)&&h.push(c(0,"0","begins")),p(i-4)&&h.push(c(i,"1","ends")),o("div",{class:"coin",role:"img",
"aria-label":l("stage.coin_bar",{coin:e.coin,share:e.accept})},o("div",{class:"coin-sides"},s>=.1||s===1?o("b",{class:"\
of-accepted"},l("stage.side_accept")):null,s<1?o("b",{class:"of-rejected",style:s>.86?"right:0":n(s<.1?s:Math.max(s,.12))},
l("stage.side_reject")):null),o("div",{class:"coin-track"},o("span",{class:"coin-accept",style:`width:${Vt(s)*100}%`}),
o("span",{class:"coin-reject",style:`left:${Vt(s)*100}%`}),o("span",{class:"coin-head",style:n(t)},o("var",{},"u"))),o(
"div",{class:"coin-ticks"},h))}function Pn(s){let{token:t,round:e,copied:i,branched:n}=s,r=t.target_prob>=t.draft_prob,a=n&&rt(e.draft,t).before.length>
0,c=t.draft_prob===1&&t.draft_coin===null,h=i?"gave_copied":c?"gave_certain":a?"gave_left":r?"gave_more":"gave_less",p=r&&
h!=="gave_more"?`${h}_sure`:h;return y(`stage.${p}`,{...ve(t),source:l(`stage.source_${s.family}`)})}function Ks(s){let{
token:t,round:e,branched:i}=s,n=t.coin===null?null:z(t.coin,t.accept_prob),r=n?n[1]:M(t.accept_prob),a=[...bt(s),Pn(s),
Zt(t,r)];if(!n)return a;a.push(Us(t.accept_prob,t.coin,{coin:n[0],accept:r},s.room));let c={u:q(),coin:n[0],share:r,token:x(
t),residual:o("b",{class:"of-residual"},l("stage.residual"))};if(t.verdict==="accepted")return[...a,y("stage.coin_below",
c)];let{next:h}=i?rt(e.draft,t):{next:null};return h?[...a,y("stage.coin_not_below_next",{...c,formula:ke(),next:x(h)})]:
e.final?[...a,y("stage.coin_not_below",{...c,formula:ke(),token:x(e.final)})]:[...a,y("stage.coin_not_below_end",c)]}function Gs(s){let{token:t,refused:e,rule:i,round:n}=s,r=s.branched&&e?n.draft.filter(d=>d.parent===e.parent&&d.verdict===
"rejected").length:1;if(!e)return Ae(s);if(i==="greedy"){let d={token:x(e),choice:x(t),p:j(t.target_prob),n:r};return[y(
r>1?"stage.from_greedy_tree":"stage.from_greedy",d),y("stage.greedy_same_pass")]}if(i==="match")return[y("stage.from_ma\
tch",{token:x(t),refused:x(e),u:q(),coin:M(t.coin),p:j(t.target_prob)})];let a=t.top.find(d=>d[0]===t.id),c=t.coin===null?
"from_residual_no_coin":r>1?"from_residual_tree":"from_residual",h=[y(`stage.${c}`,{token:x(e),n:r,u:q(),coin:t.coin===
null?"":M(t.coin)})];if(a&&a[2]>a[3]){let d=o("span",{class:"formula-letters"},"max(0, ",o("i",{},"p")," − ",o("i",{},
"q"),")",it());h.push(ct(d,"max(0, ",j(a[2])," − ",Q(a[3]),")",it(),o("b",{},M(a[2]-a[3]))))}let p=a?o("b",{class:"of\
-residual"},E(a[4])):"";return a&&h.push(y(r>1?"stage.residual_share_tree":"stage.residual_share",{token:x(t),share:p,p:j(
t.target_prob)})),h}function Ae(s){let{token:t,round:e,alone:i,branched:n}=s,r=e.draft.length,a=t.verdict!=="bonus"?y(i?
"stage.plain_why_alone":"stage.plain_why"):n?y("stage.bonus_why_tree"):y("stage.bonus_why",{n:r}),c={u:q(),token:x(t),p:j(
t.target_prob)};return t.coin===null?[a,y("stage.bonus_greedy",c)]:[a,y("stage.bonus_drawn",{...c,coin:M(t.coin)})]}function Bn({token:s,settings:t}){let{threshold:e,entropy:i}=s.rule,[n,r]=z(s.target_prob,e),a=o("span",{class:"sign"},
s.target_prob>e?">":"≤"),c=(...u)=>o("sup",{},"−",u),h=o("span",{class:"formula-letters"},"min(ε, δ·","e",c(o("i",
{},"H")),")",o("span",{class:"sign"},"=")),d=t.epsilon!==void 0&&t.delta!==void 0&&i!==void 0?["min(",String(t.epsilon),
", ",String(t.delta),"·e",c(i.toFixed(2)),")",o("span",{class:"sign"},"=")]:[];return ct(o("b",{class:"of-p"},n),a,h,d,
o("b",{},r))}function Js(s){let{token:t,round:e}=s,i=t.verdict==="accepted",n=t.target_prob>t.rule.threshold,r=i?"typic\
al_kept":n?"typical_shorter":"typical_refused",a=[...bt(s),y(`stage.${r}`,{token:x(t)}),Bn(s),o("p",{class:"formula-not\
e"},l("stage.typical_letters"))];return i?s.branched||s.copied||t.draft_coin===null||t.draft_prob<=t.target_prob?[...a,
Qs("typical_bends",{})]:[...a,Qs("typical_cost",{token:x(t),q:o("b",{class:"of-q"},E(t.draft_prob)),p:o("b",{class:"of-\
p"},E(t.target_prob))})]:e.final&&t===s.refused?[...a,y("stage.typical_then",{token:x(e.final)})]:a}function Qs(s,t){let e=y(
`stage.${s}`,t);return e.classList.add("is-warning"),e}var Vs=s=>{let{token:t,refused:e}=s;if(t.verdict==="correction"){
let c={refused:e?x(e):"",token:x(t),p:j(t.target_prob),u:q(),coin:t.coin===null?"":M(t.coin)};return[y(e?"stage.typical\
_correction":"stage.typical_correction_end",c),y(t.coin===null?"stage.typical_first":"stage.bonus_drawn",c)]}if(t.verdict!==
"discarded")return Js(s);let{draft:i,final:n}=s.round,r=U(i,i.indexOf(t));return r.some(c=>i[c].verdict==="rejected")||
!n&&r.includes(W(s.round))||!(t.target_prob>t.rule.threshold)?yt(s):Js(s)};var Zs=s=>{let{token:t,rule:e}=s;return Et(t)&&e==="block"&&t.rule?Is(s):e==="typical"&&(Et(t)?t.rule:t.verdict==="corr\
ection")?Vs(s):e==="block"&&t.verdict==="correction"?Ds(s):t.verdict==="discarded"?yt(s):t.verdict==="correction"?Gs(s):
t.verdict==="bonus"||t.verdict==="plain"?Ae(s):e==="match"?Ws(s):t.accept_prob===null?zs(s):Ks(s)};function zn(s,{token:t,rule:e,round:i}){if(e==="block"&&"parent"in t&&t.coin!==null){let n=i.draft.filter(r=>r.verdict===
"accepted").length;return C(s,n?"stage.why_block":"stage.why_block_none",{n})}return C(s,`stage.why_${t.verdict}`,{token:x(
t)})}var Xt=class{room;constructor({onStep:t,onRelease:e}){this.head=o("h3",{class:"why-title",id:`why-${Math.random().
toString(36).slice(2)}`}),this.back=o("button",{type:"button",class:"why-step","data-test":"why-previous",on:{click:()=>t(
-1)}}),this.forth=o("button",{type:"button",class:"why-step","data-test":"why-next",on:{click:()=>t(1)}}),this.pin=o("b\
utton",{type:"button",class:"why-pin","data-test":"why-unpin",hidden:!0,"aria-label":l("stage.unpin"),title:l("stage.un\
pin"),on:{click:e}},$("pin"),l("stage.pinned")),this.lossy=o("span",{class:"why-lossy",hidden:!0},ye("typical")),this.left=
o("div",{class:"why-reasons"}),this.right=o("div",{class:"why-bars"}),this.node=o("section",{class:"why","data-test":"w\
hy","aria-labelledby":this.head.id},o("div",{class:"why-head"},this.head,this.lossy,o("div",{class:"why-steps"},this.pin,
this.back,this.forth)),o("div",{class:"why-body"},this.left,this.right)),this.tallest=0}relax(){this.tallest=0,this.node.
style.minHeight=""}measure(){return{height:this.node.offsetHeight,room:this.left.clientWidth}}settle({height:t,room:e}){
this.room=e,!(t<=this.tallest)&&(this.tallest=t,this.node.style.minHeight=`${t}px`)}wait(){this.node.dataset.token="",this.
head.replaceChildren(l("stage.why_label")),this.left.replaceChildren(y("stage.waiting")),this.right.replaceChildren(),this.
back.hidden=this.forth.hidden=!0}show(t,e,i,n){t.room=this.room||300,this.node.dataset.token=t.key,this.node.dataset.verdict=
t.token.verdict,zn(this.head,t),this.lossy.hidden=lt(t.rule)||t.rule!=="typical"||t.alone,this.left.replaceChildren(...Zs(
t));let r=t.rule==="greedy"?[o("p",{class:"formula-note"},l("stage.bars_greedy"))]:[];this.right.replaceChildren(Fs(t),
...r),this.steps(e,i),this.pin.hidden=!n}steps(t,e){this.back.hidden=this.forth.hidden=!1,this.back.disabled=!t,this.forth.
disabled=!e;let i=n=>n?nt(n.piece.trim()||n.piece,10):"";this.back.replaceChildren(o("span",{class:"keycap"},$("left")),
o("span",{class:"why-near"},i(t))),this.forth.replaceChildren(o("span",{class:"why-near"},i(e)),o("span",{class:"keycap"},
$("right"))),this.back.setAttribute("aria-label",`${l("stage.why_previous")}${t?`: ${O(t.piece)}`:""}`),this.forth.setAttribute(
"aria-label",`${l("stage.why_next")}${e?`: ${O(e.piece)}`:""}`)}};var H=3,Ee=250,Fn=12,qn=40,Hn=250,In=3,Ys=".chip[data-token], .mask-row",Dn=900,Xs=({target:s})=>s instanceof Element&&
s.matches(Ys),Te=class{noticeNode=o("p",{class:"notice",role:"status","data-test":"notice",hidden:!0});tag=o("span",{class:"\
tag"});origin=o("span",{class:"origin"});runLive=o("button",{type:"button",class:"quiet-button run-live","data-test":"r\
un-live",hidden:!0,on:{click:()=>this.options.onRunLive?.()}},l("stage.run_live"));text=new Gt;key=o("div",{class:"key"});round=new Kt;why=new Xt(
{onStep:t=>this.stepToken(t),onRelease:()=>this.release()});chart=new Wt({onRound:t=>this.visit(t)});totals=new Jt;transport=new Qt(
{first:()=>this.jump(0,0),previous:()=>this.step(-1),next:()=>this.step(1),last:()=>this.toEnd(),play:()=>this.playing||
this.following?this.pause():this.play(),scrub:t=>this.scrub(t),speed:t=>this.setSpeed(t)});heard=o("p",{class:"heard","\
aria-live":"polite","data-test":"heard"});overview=o("div",{class:"overview"},this.chart.node,this.totals.node);body=o(
"div",{class:"stage-body",hidden:!0},o("div",{class:"provenance","data-test":"provenance"},this.tag,this.origin,this.runLive),
this.text.node,this.key,this.transport.node,this.round.node,this.why.node,this.overview);run;reader=new ft;at={round:0,
beat:0};playing=!1;live=!1;following=!1;wished={hover:null,focus:null,pin:null};speed=1;growing=!1;rested=0;charted=!1;adopted=!1;over=!1;ended="";heardAt=0;width=0;liveAsked;drawn=null;explained=null;explainedRun;timer;slice;hearing;charting;later;onKey=t=>this.
typed(t);onFonts=()=>this.run&&this.settle([this.round.refit(),this.text]);sizes=new ResizeObserver(()=>this.resize());constructor(t,e){
this.element=t,this.options=e,t.classList.add("specdec","specdec-stage"),t.replaceChildren(this.noticeNode,this.body,this.
heard),this.listen()}listen(){let t=i=>this.point("hover",i),e=i=>{i.relatedTarget?.closest?.("[data-token]")||this.point(
"hover",null)};this.element.addEventListener("pointerover",i=>{i.pointerType!=="touch"&&t(i)}),this.element.addEventListener(
"pointerout",e),this.element.addEventListener("focusin",i=>{Xs(i)&&this.point("focus",i)}),this.element.addEventListener(
"focusout",i=>{Xs(i)&&this.point("focus",null)}),this.element.addEventListener("click",i=>this.press(i)),document.addEventListener(
"keydown",this.onKey),document.fonts.addEventListener("loadingdone",this.onFonts),this.sizes.observe(this.element)}destroy(){
document.removeEventListener("keydown",this.onKey),document.fonts.removeEventListener("loadingdone",this.onFonts),this.
sizes.disconnect(),clearTimeout(this.timer),clearTimeout(this.slice),clearTimeout(this.hearing),clearTimeout(this.charting),
clearTimeout(this.later),clearTimeout(this.text.sweeping),this.run=null,this.element.replaceChildren()}show(t,{live:e}={}){
this.reader.clear(),this.adopted=!1,this.liveAsked=e,this.append(t)}append(t){this.reader.append(t),this.read()}cut(){this.
liveAsked=!1,this.read()}isLive(t){return t.footer||t.header.source!=="live"?!1:this.liveAsked===void 0||this.liveAsked===
null?!0:!!this.liveAsked}read(){clearTimeout(this.slice);let{reader:t}=this,e=t.runs[0]&&this.isLive(t.runs[0]),i=t.parse(
{budget:Fn,whole:!e&&this.liveAsked!==!0}),n=t.runs[t.runs.length-1];if(i&&(this.slice=setTimeout(()=>this.read(),0)),t.
error)return this.complain(this.run&&!this.adopted?l("stage.notice_kept",{sentence:t.error}):t.error);if(!n)return i?void 0:
this.complain(this.run?l("stage.notice_empty_kept"):l("stage.notice_empty"));if(!n.rounds.length)return i?void 0:this.barren(
n);this.adopted?this.soon():(!i||this.isLive(n))&&this.adopt(n)}barren(t){if(this.isLive(t))return this.complain(l("sta\
ge.notice_reading"),"quiet");let e=t.footer&&t.footer.reason!=="length"?this.endingOf(t):l("stage.notice_no_rounds");this.
complain(this.run?l("stage.notice_kept",{sentence:e}):e)}complain(t,e="loud"){this.noticeNode.hidden=!t,this.noticeNode.
dataset.tone=e,b(this.noticeNode,t),this.state()}adopt(t){this.adopted=!0,this.run=t,this.stop(),this.wished={hover:null,
focus:null,pin:null},this.drawn=null,this.body.hidden=!1,this.charted=!1,this.text.clear(),this.round.relax(),this.introduce(
t),this.live=this.isLive(t),this.following=this.live,this.at={round:0,beat:0},this.grow(),this.why.relax(),this.live||this.
open()}open(){if(vt()||this.options.autoplay===!1)return this.set(this.run.rounds.length-1,H,{still:!0});this.set(0,0,{
still:!0});let t=new IntersectionObserver(e=>{e.some(i=>i.isIntersecting)&&(t.disconnect(),this.at.round===0&&this.at.beat===
0&&this.play())});t.observe(this.element)}soon(){this.growing||(this.growing=!0,setTimeout(()=>requestAnimationFrame(()=>this.
draw()),Math.max(0,this.rested-performance.now())))}draw(){if(this.growing=!1,!this.run||!this.adopted)return;let t=performance.
now();this.grow();let e=performance.now();this.rested=e+In*(e-t)}grow(){let{run:t}=this,e=this.live;this.live=this.isLive(
t),this.transport.scale(t.rounds.length),this.text.build(t),this.live&&this.charted?this.chartLater():this.layout(),this.
finish(),this.following?this.follow():this.render({still:!0,same:!0,lazy:!0}),e&&!this.live&&(this.following=!1),this.state()}follow(){
this.held(!0)||this.set(this.run.rounds.length-1,H,{still:!0,lazy:!0})}held(t){if(this.over)return!0;let e=document.activeElement;
return t&&(this.round.grid.contains(e)||this.why.node.contains(e))}introduce(t){let{header:e}=t,i=e.source==="recorded"||
this.liveAsked===!1;b(this.tag,l(i?"stage.recorded":"stage.live")),this.tag.title=l(i?"stage.recorded_title":"stage.liv\
e_title"),this.runLive.hidden=!(i&&this.options.onRunLive),b(this.origin,Ve(e).join(" · ")),this.key.replaceChildren(...Cs(
e))}endingOf(t){if(!t.footer)return this.isLive(t)?l("stage.ended_running"):l("stage.ended_cut");let{reason:e,message:i}=t.
footer;return e==="error"?i?l("stage.ended_error",{message:i}):l("stage.ended_error_unknown"):["eos","length","stop","c\
ancelled"].includes(e)?l(`stage.ended_${e}`,{limit:t.header.settings.max_new_tokens}):e}finish(){let{run:t}=this;this.ended=
t.footer?t.footer.reason:this.live?"":"cut";let e=this.endingOf(t);b(this.totals.ending,e),this.complain(this.ended==="\
error"||this.ended==="cut"?e:"")}set(t,e,{still:i=!1,lazy:n=!1}={}){let r=this.run.rounds.length-1;this.at={round:Math.
min(Math.max(0,t),r),beat:Math.min(Math.max(0,e),H)},this.render({still:i,lazy:n})}atEnd(){return this.at.round===this.
run.rounds.length-1&&this.at.beat===H}jump(t,e,i=!1){this.run&&(this.stop(),this.following=!1,this.set(t,e,{still:!0,lazy:i}),
this.state())}visit(t){this.jump(t,H)}step(t){if(!this.run)return;let e=this.at.round*4+this.at.beat+t;e<0||e>=this.run.
rounds.length*4||(this.stop(),this.following=!1,this.set(Math.floor(e/4),e%4,{still:t<0}),this.state())}stepRound(t){if(!this.
run)return;let e=this.chart.art.contains(document.activeElement);this.jump(this.at.round+t,H),e&&this.chart.focusColumn(
this.at.round)}toEnd(){this.run&&(this.jump(this.run.rounds.length-1,H),this.following=this.live,this.state())}scrub(t){
this.run&&this.jump(Math.max(1,Math.round(t/4))-1,H,!0)}play(){if(!(!this.run||this.playing)){if(this.atEnd()&&this.live)
return this.following=!0,this.state();this.atEnd()&&this.set(0,0,{}),this.playing=!0,this.over=!1,this.state(),this.schedule()}}pause(){
this.stop(),this.following=!1,this.state()}stop(){this.playing=!1,clearTimeout(this.timer)}schedule(){clearTimeout(this.
timer),this.timer=setTimeout(()=>this.beat(),Ee/this.speed)}beat(){if(!this.playing)return;if(this.held())return this.schedule();
if(this.atEnd())return this.stop(),this.following=this.live,this.state();let t=this.at.round*4+this.at.beat+1;this.set(
Math.floor(t/4),t%4,{}),this.schedule()}setSpeed(t){this.speed=t,this.element.style.setProperty("--beat",`${Ee/t}ms`),this.
playing&&this.schedule()}render({still:t=!1,same:e=!1,lazy:i=!1}={}){if(!this.run)return;clearTimeout(this.later);let n=t||
vt();this.renderRun(),i?(this.settle([this.text]),this.later=setTimeout(()=>{this.renderRound(n),this.settle([this.round]),
this.later=setTimeout(()=>this.renderWhy(),qn)},0)):(this.renderRound(n),this.explain(),this.settle()),e||this.tellReader(),
!n&&this.at.beat===H&&this.fly(),this.state()}renderRun(){let{run:t,at:e}=this,i=e.beat>=2?e.round+1:e.round;this.text.
show(e.beat===H?e.round+1:e.round,e.beat===H),this.text.end(this.ended?l(`stage.mark_${this.ended}`):"",!!this.ended&&this.
atEnd()),this.chart.show(i,e.round),this.totals.show(t,i),this.transport.place(e,t.rounds.length)}renderRound(t){let{run:e,
at:i}=this;if(this.drawn!==i.round){let n=this.focusedPlace();this.round.draw(e,i.round),this.drawn=i.round,this.refocus(
n)}this.round.beat(e,i.beat,{still:t}),this.light(this.explained?this.subject():null)}renderWhy(){this.explain(),this.settle(
[this.why])}settle(t=[this.round,this.why,this.text]){let e=t.map(i=>({view:i,seen:i.measure()}));for(let{view:i,seen:n}of e)
i.settle(n)}state(){let{element:t,run:e,at:i}=this,n=t.dataset;n.state=e?this.live&&this.following?"live":this.playing?
"playing":"paused":"empty",n.following=String(this.following),e&&(n.round=String(i.round+1),n.rounds=String(e.rounds.length),
n.beat=ot[i.beat],n.ended=this.ended);let r=this.playing||this.live&&this.following;this.transport.moving(r)}resize(){!this.
run||!this.element.clientWidth||this.width!==this.element.clientWidth&&(this.layout(),this.transport.scale(this.run.rounds.
length),this.why.relax(),this.renderRound(!0),this.settle(),this.explained=null,this.renderWhy())}chartLater(){this.charting||
(this.charting=setTimeout(()=>this.layout(),Hn))}layout(){if(clearTimeout(this.charting),this.charting=void 0,this.charted=
!0,this.width=this.element.clientWidth,!this.width){this.chart.drawn=!1;return}this.round.layout(this.width,this.run),this.
chart.node.hidden=this.run.longest===0,this.overview.classList.toggle("is-plain",this.run.longest===0),this.chart.node.
hidden?this.chart.drawn=!1:this.chart.draw(this.run,this.chart.node.clientWidth||this.width)}fly(){let t=[...this.round.
chips].map(([e,i])=>({chip:i,to:this.text.span(e)})).filter(({chip:e,to:i})=>i&&e.offsetParent);Ls(this.element,t,Ee*1.2/
this.speed)}tellReader(){clearTimeout(this.hearing);let t=performance.now()-(this.heardAt||0),e=()=>{if(!this.run)return;
let{round:i,beat:n}=this.at,r=this.run.rounds[i],a=n<2?"":Dt(r,i).map(h=>Mt(this.run,h)?.token).filter(h=>h.verdict!=="\
discarded"||!X(r)).slice(0,12).map(h=>l("stage.heard_token",{token:O(h.piece),verdict:l(`stage.${h.verdict}`)})).join("\
, "),c=It(this.run,r,n).join(" ").trim();this.heardAt=performance.now(),b(this.heard,l("stage.heard",{round:i+1,rounds:this.
run.rounds.length,sentence:c,tokens:a}).trim())};this.hearing=setTimeout(e,Math.max(this.playing||this.following?0:120,
Dn-t))}subject(){let{pin:t,hover:e,focus:i}=this.wished;for(let n of[e,t,i])if(n&&Mt(this.run,n))return n;return As(this.
run,this.at)}explain(){let t=this.subject(),e=`${t}|${this.wished.pin}`;if(this.explained!==e||this.explainedRun!==this.
run)if(this.explained=e,this.explainedRun=this.run,!t)this.why.wait();else{let i=n=>{let r=ge(this.run,t,n);return r?Mt(
this.run,r)?.token:null};this.why.show(Mt(this.run,t),i(-1),i(1),this.wished.pin===t)}this.light(t)}light(t){this.round.
tell(t);for(let e of this.element.querySelectorAll(".is-lit"))e.dataset.token!==t&&e.classList.remove("is-lit");if(t)for(let e of this.
element.querySelectorAll(`[data-token="${t}"]`))e!==this.why.node&&e.classList.add("is-lit")}stepToken(t){let e=this.subject(),
i=e&&ge(this.run,e,t);i&&this.pinTo(i)}pinTo(t){this.wished.pin=t,this.wished.hover=null,this.jump(Number(t.split(":")[0]),
H)}release(){let t=this.why.pin===document.activeElement;this.wished.pin=null,this.explain(),this.settle([this.why]),t&&
this.transport.playButton.focus({preventScroll:!0})}point(t,e){if(!this.run)return;let i=e?.target.closest?e.target.closest(
"[data-token]"):null,n=i&&i!==this.why.node&&this.element.contains(i)?i.dataset.token:null;t==="hover"&&(this.over=!!n&&
i.matches(".guesses .chip, .mask-row")),this.wished[t]!==n&&(this.wished[t]=n,t==="focus"&&n&&(this.wished.hover=null),
this.explain(),this.settle([this.why]))}press(t){let e=this.run&&t.target.closest("[data-token]");if(!e||e===this.why.node||
e.closest(".chart"))return;let i=e.dataset.token;if(this.wished.pin===i)return this.release();Number(i.split(":")[0])===
this.at.round&&e.matches(Ys)?(this.stop(),this.following=!1,this.wished.pin=i,this.explain(),this.settle([this.why]),this.
state()):this.pinTo(i)}focusedPlace(){let t=document.activeElement;return!t||!this.round.grid.contains(t)?null:[...this.
round.chips.values()].indexOf(t)}refocus(t){if(t===null)return;let e=[...this.round.chips.values()],i=e[Math.min(Math.max(
0,t),e.length-1)];i&&i.focus({preventScroll:!0})}mine(t){if(this.element.contains(t))return!0;if(t!==document.body&&t!==
document.documentElement)return!1;let e=this.element.getBoundingClientRect();return e.width>0&&e.bottom>0&&e.top<window.
innerHeight}typed(t){if(!this.run||t.defaultPrevented||t.ctrlKey||t.metaKey||t.altKey||!this.mine(t.target))return;let{
target:e}=t,i=e.closest?.("input, textarea, select, [contenteditable]");i&&i!==this.transport.slider||this.pressed(t,e)&&
t.preventDefault()}pressed({key:t,shiftKey:e},i){let n={ArrowRight:1,ArrowLeft:-1}[t];if(n&&this.why.node.contains(i))this.
stepToken(n);else if(n&&e)this.stepRound(n);else if(n)this.step(n);else if(t==="Home")this.jump(0,0);else if(t==="End")
this.toEnd();else if(t==="Escape"&&this.wished.pin)this.release();else{if(t===" ")return this.space(i);if(i===this.transport.
slider&&["ArrowUp","ArrowDown","PageUp","PageDown"].includes(t))this.stepRound(/Up$/.test(t)?1:-1);else if(t==="Enter"&&
i.matches(".column"))this.visit(Number(i.dataset.first));else if(t==="Enter"&&i.matches(".mask-row"))this.pinTo(i.dataset.
token);else return!1}return!0}space(t){let e=t.closest?.("button");return e&&!e.matches(".chip")?!1:(t.matches?.(".colu\
mn")?this.visit(Number(t.dataset.first)):this.playing||this.live&&this.following?this.pause():this.play(),!0)}},ti=(s,t={})=>{
let e=new Te(s,t);return{show:(i,n)=>e.show(i,n),append:i=>e.append(i),cut:()=>e.cut(),go:(i,n)=>e.jump(i,n),play:()=>e.
play(),pause:()=>e.pause(),destroy:()=>e.destroy()}};function ei(s,t,e,i){let n=(a,c)=>i.lines({run:a,first:c}),r=new Ct(s,n);t.value&&r.take(t.value),e("value",()=>t.value&&
r.take(t.value))}var si=(s,t,e,i,n)=>{let r=ti(s.querySelector(".specdec-stage"),{onRunLive:i}),a=!0,c=h=>{r.show(h,a?{
live:!1}:{}),a=!1};t.value||r.show("",{live:!1}),ei({...r,show:c},t,e,n)},ii=(s,t,e,i,n)=>{let r=Ms(s.querySelector(".s\
pecdec-race"),{onRunLive:i});ei(r,t,e,n)};var Wn=0,ni=(s,t,e,i)=>{let n=`specdec-segments-${++Wn}`,r=Ot(s,t),a=t.choices.map(f=>{let m=o("input",{type:"radio",name:n,
value:f.value,on:{change:()=>p(f.value,!0)}});return{choice:f,input:m,node:o("label",{},m,o("span",{},f.name))}}),c=o("\
p",{class:"about",id:n}),h=o("fieldset",{"aria-describedby":n},o("legend",{class:"label"},t.caption),o("div",{class:"ro\
w"},a.map(f=>f.node)));s.append(h,c);function p(f,m){t.value=f,d(),r.tell(),m&&i("input")}function d(){if(r.why(V(t)))return p(
t.choices[0].value,!0);a.forEach(({choice:m,input:w})=>{w.checked=m===V(t),w.disabled=!!r.why(m)});let f=new Set(t.choices.
map(r.why).filter(Boolean));c.replaceChildren(...[V(t).line,...f].filter(Boolean).map(m=>o("span",{},m)))}let u=()=>{d(),
r.tell()};r.hear(d),u(),e("value",u)};var Un=96,ri=(s,t,e)=>{let i=k("svg",{class:"treelet","aria-hidden":"true",preserveAspectRatio:"xMinYMid meet"}),n=o("p",
{class:"about"});s.append(i,n),n.setAttribute("aria-live","polite");let r=()=>{let a=Kn(t.value),c=a.reduce(([p,d],u)=>[
p+d*u,d*u],[0,1])[0],h=c>0&&c<=Un;i.style.display=h?"":"none",h&&Gn(i,a),b(n,c?l("settings.tree_size",{n:c}):l("setting\
s.branching_form"))};r(),e("value",r)};function Kn(s){let t=(s||"").split(",").map(e=>Number(e.trim()||NaN));return t.every(
e=>Number.isInteger(e)&&e>=1&&e<=16)?t:[]}function Gn(s,t){let[e,i,n]=[34,11,3.2],r=[],a=[],c=0,h=u=>{let f=u===t.length?
[c++*i]:Array.from({length:t[u]},()=>h(u+1)),m=(f[0]+f[f.length-1])/2,w=u*e;return u<t.length&&f.forEach(g=>r.push(`M${w}\
 ${m}C${w+e/2} ${m} ${w+e/2} ${g} ${w+e} ${g}`)),a.push(k("circle",{cx:w,cy:m,r:n,class:u?"guess":"root"})),m};h(0);let[
p,d]=[t.length*e+2*n+2,(c-1)*i+2*n+2];s.setAttribute("viewBox",`${-n-1} ${-n-1} ${p} ${d}`),s.setAttribute("width",p),s.
setAttribute("height",d),s.replaceChildren(k("path",{d:r.join("")}),...a)}var ai=window.specdec;Ce(ai.words);Object.assign(ai,{stage:si,race:ii,choices:Yt,header:Ie,fold:Ne,picker:We,segments:ni,
examples:Re,treelet:ri});})();
